"""Pieces of pages that are the same for every visitor, written out once and kept as long as what they tell of."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar
from weakref import ref

from flask import current_app, render_template
from flask_babel import get_locale
from markupsafe import Markup

# When more characters than this are kept, what was not asked for longest goes, so that memory stays small.
MOST_CHARACTERS = 6_000_000
# What does not say how long it is, is small.
A_FEW = 2_000
T = TypeVar("T")
# By what the piece is about, held weakly, and its version: the piece, and how many characters it has.
_kept: OrderedDict[tuple[ref[Any], Hashable], tuple[Any, int]] = OrderedDict()
_lock = Lock()
_characters = [0]


def language() -> str:
    """The language of the visit; looked up once where many pieces are asked for."""
    return str(get_locale())


def kept(about: Any, version: Hashable, make: Callable[[], str]) -> Markup:
    """The piece about a thing, in the language of the visit; made when it is not there yet.

    ``make`` is a template, which has escaped all it writes.
    """
    return kept_as_it_is(about, (version, language()), lambda: written(make()))


def kept_as_it_is(about: Any, version: Hashable, make: Callable[[], T]) -> T:
    """The same for anything: several pieces together, in the language that ``version`` names.

    ``about`` never changes: when its facts do, there is another one in its place, and the piece goes with the old.
    """
    key = ref(about), version
    found = _kept.get(key)
    if found is not None:
        with suppress(KeyError):
            _kept.move_to_end(key)
        return found[0]
    piece = make()
    _keep(key, piece)
    return piece


def _keep(key: tuple[ref[Any], Hashable], piece: Any) -> None:
    """Keep a piece, and let go of the oldest ones when there is too much. Two visits may have made it at once."""
    size = len(piece) if isinstance(piece, Sized) else A_FEW
    with _lock:
        if key not in _kept:
            _characters[0] += size
            _kept[key] = piece, size
        while _characters[0] > MOST_CHARACTERS and len(_kept) > 1:
            _oldest, (_piece, gone) = _kept.popitem(last=False)
            _characters[0] -= gone


def written(text: str) -> Markup:
    """What a template wrote: it has escaped everything already."""
    return Markup(text)  # noqa: S704 -- a template escaped what others typed


def written_once(template: str) -> Markup:
    """A part of every page in which nothing depends on the page or on who looks, written once per language."""
    return kept(current_app.jinja_env, template, lambda: render_template(template))
