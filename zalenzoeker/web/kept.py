"""Pieces of pages that are the same for every visitor, written out once and kept as long as what they tell of."""

from collections.abc import Callable, Hashable
from typing import Any
from weakref import WeakKeyDictionary

from flask_babel import get_locale
from markupsafe import Markup

# Of one thing no more versions than this are kept: neighbourhoods to choose from, each chosen once.
MOST_VERSIONS = 64
_kept: WeakKeyDictionary[Any, dict[Hashable, Any]] = WeakKeyDictionary()


def language() -> str:
    """The language of the visit; looked up once where many pieces are asked for."""
    return str(get_locale())


def kept(about: Any, version: Hashable, make: Callable[[], Any]) -> Any:
    """The piece about a thing; made when it is not there yet. ``version`` names the piece and its language.

    ``about`` never changes: when its facts do, there is another one in its place, and the piece goes with the old.
    """
    versions = _kept.get(about)
    if versions is None:
        versions = _kept.setdefault(about, {})
    found = versions.get(version)
    if found is None:
        if len(versions) >= MOST_VERSIONS:
            versions.clear()
        found = versions[version] = make()
    return found


def written(text: str) -> Markup:
    """What a template wrote: it has escaped everything already."""
    return Markup(text)  # noqa: S704
