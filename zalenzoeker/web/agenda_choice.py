"""What somebody chooses from the agenda, as it stands in addresses: neighbourhoods and themes, in one order."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from zalenzoeker.domain.activities import Theme
from zalenzoeker.domain.city import City
from zalenzoeker.storage import city
from zalenzoeker.web.activity_words import THEME
from zalenzoeker.web.dates import format_list

THEMES = {theme.value: theme for theme in Theme}


@dataclass(frozen=True)
class Choice:
    """Neighbourhoods by slug and themes, each sorted and once; none of them means all."""

    neighbourhoods: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()

    @property
    def query(self) -> dict[str, Any]:
        """The choice as the end of an address, always in the same order."""
        found = {"thema": [theme.value for theme in self.themes], "wijk": list(self.neighbourhoods)}
        return {name: values for name, values in found.items() if values}

    def words(self, everything: City) -> str:
        """Soepcafé in Brugse Poort – Rooigem"""
        names = {one.slug: one.name for one in everything.neighbourhoods}
        where = format_list([names[slug] for slug in self.neighbourhoods]) or _("Ghent")
        what = format_list([str(THEME[theme]) for theme in self.themes]) or _("Activities")
        return _("%(what)s in %(where)s", what=what, where=where)


def read_choice(args: MultiDict[str, str]) -> Choice | None:
    """The choice of an address, however it is put; None when it names a neighbourhood or theme that is not there."""
    slugs = {one for one in args.getlist("wijk") if one}
    themes = {one for one in args.getlist("thema") if one}
    known = {one.slug for one in city.city().neighbourhoods}
    if not (slugs <= known and themes <= THEMES.keys()):
        return None
    return Choice(tuple(sorted(slugs)), tuple(THEMES[one] for one in sorted(themes)))
