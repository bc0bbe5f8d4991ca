"""The form of the weekly letter: which neighbourhoods, which themes, and to whom."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from zalenzoeker.domain.city import City
from zalenzoeker.domain.weekly_letter import Choices as Chosen
from zalenzoeker.domain.weekly_letter import known_only
from zalenzoeker.web.activity_words import THEME
from zalenzoeker.web.fields import Choices, PageForm
from zalenzoeker.web.forms import email_field


class ChoicesForm(PageForm):
    """What the letter tells of; nothing ticked means everything."""

    neighbourhoods = Choices(_l("Which neighbourhoods?"), name="wijk", choices=[])
    themes = Choices(_l("What do you like?"), name="thema", choices=[])

    def offer(self, city: City) -> None:
        self.neighbourhoods.choices = [SelectChoice(one.slug, one.name) for one in city.neighbourhoods]
        self.themes.choices = [SelectChoice(theme.value, words) for theme, words in THEME.items()]

    def show(self, chosen: Chosen, city: City) -> None:
        """Tick what was chosen before, as far as it is still there."""
        chosen = known_only(chosen, {one.slug for one in city.neighbourhoods})
        self.neighbourhoods.data, self.themes.data = [*chosen.neighbourhoods], [*chosen.themes]

    @property
    def chosen(self) -> Chosen:
        return Chosen(tuple(sorted(self.neighbourhoods.data or ())), tuple(sorted(self.themes.data or ())))


class SubscribeForm(ChoicesForm):
    """The same, and the address it is sent to."""

    email = email_field()


def chosen_words(chosen: Chosen, city: City) -> tuple[list[str], list[Any]]:
    """The names of the neighbourhoods and of the themes; empty for all of them."""
    chosen = known_only(chosen, {one.slug for one in city.neighbourhoods})
    names = {one.slug: one.name for one in city.neighbourhoods}
    themes = {theme.value: words for theme, words in THEME.items()}
    return [names[slug] for slug in chosen.neighbourhoods], [themes[value] for value in chosen.themes]
