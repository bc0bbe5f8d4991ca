"""What residents see of a booking: an activity with its words and theme, and who may say and show it."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from zalenzoeker.domain.permissions import Actor, Parties, is_at_desk, may_withdraw

LONGEST_TITLE, LONGEST_TEXT, LONGEST_WORDS = 120, 2000, 200
# What is written in `price` when nothing is asked; other words say what is, and none that nobody said it.
FREE = "0"
# Languages that are spoken at activities in Ghent, by their ISO codes; Dutch first, the others as often as they are.
LANGUAGES = ("nl", "en", "fr", "tr", "bg", "ar", "es", "pl", "sk", "uk", "ru", "fa", "ps", "so")


class Theme(StrEnum):
    """What one can go there for; its value is its name in addresses."""

    SOUP = "soepcafe"
    MEAL = "samen-eten"
    COFFEE = "koffie"
    CARDS = "kaarten"
    GAMES = "spelen"
    SEWING = "naaiatelier"
    REPAIR = "repaircafe"
    MAKING = "maken"
    LANGUAGE = "taaloefening"
    DIGITAL = "digipunt"
    LEARNING = "leren"
    TALK = "infoavond"
    MOVING = "bewegen"
    MUSIC = "muziek"
    CHILDREN = "kinderen"
    GARDEN = "tuin"
    SHARING = "delen"
    HELP = "hulp"
    PARTY = "feest"


# Words with which a title says its theme, without accents; the first that stands in it counts.
SAID_BY: tuple[tuple[Theme, str], ...] = (
    (Theme.SOUP, "soepcafe|soepbar|soepnamiddag"),
    (Theme.SEWING, "naaiatelier|naaien|naaicafe|breien|breicafe|haken"),
    (Theme.REPAIR, "repaircafe|repair cafe|herstelcafe|fietsherstel"),
    (Theme.LANGUAGE, "taaloefening|praattafel|conversatietafel|nederlands oefenen"),
    (Theme.CARDS, "kaarten|kaartnamiddag|kaartclub|kaartavond|manillen|whisten"),
    (Theme.MEAL, "buurtmaaltijd|sociaal restaurant|samen eten|samen koken|kookles|ontbijt"),
    (Theme.COFFEE, "koffieklets|koffie|koffiebar|open ontmoeting|koffienamiddag"),
    (Theme.GAMES, "bingo|spelotheek|gezelschapsspelen|quiz|schaken|spelnamiddag"),
    (Theme.DIGITAL, "digipunt|digicafe|computerles|computerhulp"),
    (Theme.MOVING, "petanque|yoga|turnen|dansen|wandeling|figuurtraining|gym"),
    (Theme.CHILDREN, "huiswerkbegeleiding|kinderatelier|speelnamiddag|voorlezen"),
    (Theme.SHARING, "ruilbeurs|doorgeefwinkel|weggeefwinkel|voedselteam|geefplein"),
    (Theme.TALK, "infoavond|lezing|voordracht|debat"),
    (Theme.GARDEN, "moestuin|tuinieren|geveltuin"),
    (Theme.HELP, "woonwinkel|sociale kruidenier"),
    (Theme.MUSIC, "concert|zangkoor|samen zingen"),
    (Theme.PARTY, "buurtfeest|straatfeest|nieuwjaarsreceptie"),
)


class Fault(StrEnum):
    """What is wrong with what somebody wants to publish."""

    NO_TITLE = "no_title"
    TITLE_TOO_LONG = "title_too_long"
    TEXT_TOO_LONG = "text_too_long"
    WORDS_TOO_LONG = "words_too_long"
    UNKNOWN_LANGUAGE = "unknown_language"
    PICTURE_WITHOUT_WORDS = "picture_without_words"


class CannotPublish(ValueError):
    """The words of an activity cannot be shown so; every fault at once."""

    def __init__(self, faults: Collection[Fault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True)
class Published:
    """What somebody wrote of an activity.

    ``audience``: for whom, empty for everybody. ``price``: FREE, or in words, empty where nobody said it. ``sign_up``
    and ``is_accessible``: None where nobody said it. ``picture``: the name of its file, with what it shows in words.
    """

    title: str
    text: str = ""
    theme: Theme | None = None
    audience: str = ""
    price: str = ""
    sign_up: bool | None = None
    is_accessible: bool | None = None
    languages: tuple[str, ...] = ()
    picture: str = ""
    picture_words: str = ""

    def check(self) -> None:
        """Raise CannotPublish with everything that is wrong."""
        short = (self.audience, self.price, self.picture_words)
        wrong = {
            Fault.NO_TITLE: not self.title.strip(),
            Fault.TITLE_TOO_LONG: len(self.title) > LONGEST_TITLE,
            Fault.TEXT_TOO_LONG: len(self.text) > LONGEST_TEXT,
            Fault.WORDS_TOO_LONG: any(len(words) > LONGEST_WORDS for words in short),
            Fault.UNKNOWN_LANGUAGE: not set(self.languages) <= set(LANGUAGES),
            Fault.PICTURE_WITHOUT_WORDS: bool(self.picture) and not self.picture_words.strip(),
        }
        if any(wrong.values()):
            raise CannotPublish([fault for fault, is_wrong in wrong.items() if is_wrong])


def theme_of(title: str) -> Theme | None:
    """The theme that a title names itself, by whole words; None where it names none."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    words = f" {' '.join(re.findall('[a-z0-9]+', plain))} "
    return next((theme for theme, said in SAID_BY if any(f" {one} " in words for one in said.split("|"))), None)


def may_publish(actor: Actor, parties: Parties) -> bool:
    """Say what residents see of a booking: who asked for it, or who typed it in for somebody."""
    return may_withdraw(actor, parties)


def may_take_down(actor: Actor, parties: Parties) -> bool:
    """Take it out of the public agenda: who published it, and whoever decides about the booking."""
    return may_publish(actor, parties) or is_at_desk(actor, parties)


def for_bystanders(activity: str, reference: str, *, is_shielded: bool) -> str:
    """What an activity is called where somebody may look over a shoulder: a locked telephone shows the subjects of
    letters, and a calendar is shared with a household or an office. Of a shielded one that is the label of its request.
    """
    return reference if is_shielded else activity
