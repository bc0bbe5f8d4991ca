"""How an activity is said: its theme, its price, for whom it is, the languages that are spoken there."""

from collections.abc import Collection
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from zalenzoeker.domain.activities import FREE, Fault, Theme
from zalenzoeker.web.dates import format_list

THEME: dict[Any, Any] = {
    Theme.SOUP: _l("Soup café"),
    Theme.MEAL: _l("Eating together"),
    Theme.COFFEE: _l("Coffee and a chat"),
    Theme.CARDS: _l("Playing cards"),
    Theme.GAMES: _l("Games"),
    Theme.SEWING: _l("Sewing and knitting"),
    Theme.REPAIR: _l("Repair café"),
    Theme.MAKING: _l("Making things"),
    Theme.LANGUAGE: _l("Practising a language"),
    Theme.DIGITAL: _l("Help with computer and phone"),
    Theme.LEARNING: _l("Learning"),
    Theme.TALK: _l("Talks and information"),
    Theme.MOVING: _l("Moving"),
    Theme.MUSIC: _l("Music"),
    Theme.CHILDREN: _l("Children and young people"),
    Theme.GARDEN: _l("Gardening"),
    Theme.SHARING: _l("Swapping and sharing"),
    Theme.HELP: _l("Help and advice"),
    Theme.PARTY: _l("Party in the neighbourhood"),
}
FAULT: dict[Any, Any] = {
    Fault.NO_TITLE: _l("Give it a name, for instance Soepcafé"),
    Fault.TITLE_TOO_LONG: _l("Keep the name under 120 characters."),
    Fault.TEXT_TOO_LONG: _l("Keep the text under 2000 characters."),
    Fault.WORDS_TOO_LONG: _l("Keep it under 200 characters."),
    Fault.UNKNOWN_LANGUAGE: _l("Choose languages from the list."),
    Fault.PICTURE_WITHOUT_WORDS: _l("Say what the picture shows, for who cannot see it."),
}


def price_words(price: str) -> str:
    """Gratis, or the words of who publishes it; empty where nobody said it."""
    return _("free of charge") if price == FREE else price


def languages_words(languages: Collection[str]) -> str:
    """Nederlands, Turks en Arabisch"""
    names = Locale.parse(str(get_locale())).languages
    return format_list([names.get(code, code) for code in languages])


def language_name(code: str) -> str:
    """Turks"""
    name: str = Locale.parse(str(get_locale())).languages.get(code, code)
    return name[:1].upper() + name[1:]
