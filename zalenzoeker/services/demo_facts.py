"""What the demonstration invents: people, groups, hours, activities; mail to an address in .example reaches nobody."""

from dataclasses import dataclass
from typing import Any

from zalenzoeker.domain.places import Manager
from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.domain.rules import RuleName


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist; decides for the places named, or for every place run by ``managers``."""

    name: str
    email: str
    places: frozenset[str] = frozenset()
    managers: frozenset[Manager] = frozenset()

    def decides_for(self, slug: str, manager: Manager) -> bool:
        return slug in self.places or manager in self.managers


@dataclass(frozen=True)
class Group:
    """An association that does not exist, with its one member."""

    name: str
    kind: RequesterKind
    person: Person


@dataclass(frozen=True)
class Activity:
    """Something a group does, at whole hours."""

    title: str
    from_hour: int
    to_hour: int
    is_public: bool


@dataclass(frozen=True)
class Line:
    """A line of own programme; weekday 0 is Monday, minutes since midnight."""

    title: str
    weekday: int
    from_minute: int
    to_minute: int


DRONGEN, ROBINIA = "open-huis-drongen", "open-huis-robinia"
MARCEL = Person("Marcel De Smet", "marcel@demo.example", places=frozenset({DRONGEN}))
MARIE_CHRISTINE = Person("Marie-Christine Van Hecke", "mariechristine@demo.example", places=frozenset({DRONGEN}))
PAULA = Person("Paula Verstraete", "paula@demo.example", places=frozenset({ROBINIA}))
DESK_PEOPLE = (
    MARCEL,
    MARIE_CHRISTINE,
    Person(
        "Rita Claeys",
        "rita@demo.example",
        places=frozenset(
            {
                "open-huis-de-porre",
                "open-huis-aan-de-waterkant",
                ROBINIA,
                "open-huis-sint-kruis-winkel",
                "buurthuis-malem",
            }
        ),
    ),
    PAULA,
    Person("Ahmet Demir", "ahmet@demo.example", places=frozenset({ROBINIA})),
    Person("Fatima El Amrani", "fatima@demo.example", managers=frozenset({Manager.COMMUNITY_WORKER})),
    Person(
        "Luc Dhondt",
        "luc@demo.example",
        managers=frozenset({Manager.RECEPTION, Manager.NON_PROFIT, Manager.UNKNOWN}),
    ),
)
CITY_PERSON = Person("Sofie Maes", "sofie@demo.example")
PRIVATE_PERSON = Person("Yusuf Karaca", "yusuf@demo.example")
ASSOCIATIONS = (
    Group("Harmonie De Eendracht", RequesterKind.NON_PROFIT, Person("An Peeters", "an@demo.example")),
    Group(
        "Buurtcomité Varendrieskouter",
        RequesterKind.RESIDENTS,
        Person("Godelieve Vandenbroucke", "godelieve@demo.example"),
    ),
    Group("Samen aan Tafel", RequesterKind.DE_FACTO, Person("Emine Yıldız", "emine@demo.example")),
)
# Places that would join besides those that are asked here by default.
EKKERGEM = "buurthuis-watersportbaan-ekkergem"
JOINING = frozenset({"hartetroef", "de-centrale", "de-vierde-zaal", EKKERGEM})
# A hall with a sliding wall: who takes it takes the room beside it as well.
HALLS = {EKKERGEM: ("polyvalente-zaal", ("kleine-vergaderruimte",))}
# How many sit in the hall and in its parts: a part is smaller than the whole.
SIZES_IN_HALLS = {(EKKERGEM, "polyvalente-zaal"): 100, (EKKERGEM, "kleine-vergaderruimte"): 15}
# From and to hour of Monday to Sunday; 25 is one in the morning.
HOURS = ((9, 23), (9, 23), (9, 23), (9, 23), (9, 25), (9, 25), (9, 20))
ROOM_FACILITIES = ("keuken", "tafels", "stoelen", "beamer", "wifi", "geluid", "toiletten", "kapstokken", "servies")
# What some houses would choose: a queue for persons, yes at once for groups they trust, time to set up and to clean.
RULES: dict[str, dict[RuleName, Any]] = {
    DRONGEN: {RuleName.PENDING: {"default": "hold", "particulier": "queue"}},
    EKKERGEM: {RuleName.INSTANT: {"trusted": True, "desk_hours": []}},
    "hartetroef": {RuleName.SETUP_MINUTES: 15, RuleName.CLEANUP_MINUTES: 30},
}
RULE_SOURCE = "verzonnen voor de demonstratie"
# Who is trusted where.
TRUSTED = {EKKERGEM: "Harmonie De Eendracht"}
# A room whose Thursday evenings are free but for three: one booked, one asked, one closed.
SHOWN_HOUSE, SHOWN_ROOM = "buurthuis-malem", "verwarmde-binnenruimte"
SHOWN_SIZE, SHOWN_FACILITIES = 40, ("keuken", "tafels", "stoelen", "servies")
SHOWN_WEEKDAY, SHOWN_HOURS = 3, (19, 22)
BOOKED_WEEK, ASKED_WEEK, CLOSED_WEEK = 2, 5, 8
OWN_PROGRAMME = (
    Line("Kaartnamiddag", 0, 13 * 60 + 30, 17 * 60),
    Line("Koffieklets", 1, 9 * 60, 12 * 60),
    Line("Petanque en taart", 2, 13 * 60, 17 * 60),
    Line("Soepcafé", 3, 11 * 60 + 30, 14 * 60),
    Line("Naaiatelier", 4, 14 * 60, 17 * 60),
    Line("Buurtmaaltijd", 6, 11 * 60, 14 * 60),
)
ACTIVITIES = (
    Activity("Repetitie", 19, 22, is_public=False),
    Activity("Bestuursvergadering", 20, 22, is_public=False),
    Activity("Repaircafé", 13, 17, is_public=True),
    Activity("Kookles voor nieuwe buren", 18, 21, is_public=True),
    Activity("Infoavond geveltuinen", 19, 22, is_public=True),
    Activity("Taaloefening Nederlands", 14, 16, is_public=True),
    Activity("Feest van de straat", 18, 23, is_public=False),
    Activity("Lezing over de Leie", 14, 17, is_public=True),
)
REFUSAL = "Die dag gebruiken we de zaal zelf voor een feest van het huis. Een week later is er plaats."
