"""What there is to do in the demonstration: lines of several themes in the houses, and what is said of each."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zlib import crc32

from zalenzoeker.domain.activities import FREE, Published
from zalenzoeker.services.demo_facts import HALLS, SHOWN_HOUSE, Line
from zalenzoeker.storage import demo

# The one house of the Brugse Poort whose room is asked here does more than the others: a calendar of one theme in
# that neighbourhood must show something.
OWN = {
    SHOWN_HOUSE: (
        Line("Kaartnamiddag", 0, 13 * 60 + 30, 17 * 60),
        Line("Soepcafé", 1, 11 * 60 + 30, 14 * 60),
        Line("Soepcafé", 3, 11 * 60 + 30, 14 * 60),
        Line("Naaiatelier", 4, 14 * 60, 17 * 60),
    )
}
# One of these in every other house, at the hours of the last line that was drawn for it.
ONE_EACH = (
    "Taaloefening Nederlands",
    "Digipunt: hulp bij computer en gsm",
    "Repaircafé",
    "Spelnamiddag",
    "Yoga voor beginners",
    "Breicafé",
)
SAID = {
    "Soepcafé": Published(
        "", "Soep, brood en een babbel. Kom gerust alleen: er is altijd een plaats vrij aan een tafel.",
        price="soep en brood: 2 euro", sign_up=False, is_accessible=True, languages=("nl", "tr", "ar"),
    ),
    "Kaartnamiddag": Published("", "We kaarten aan vier tafels. Wie het nog niet kan, leert het hier.", price=FREE),
    "Koffieklets": Published("", "Koffie, thee en tijd voor elkaar.", price="koffie: 1 euro", sign_up=False),
    "Petanque en taart": Published("", "Breng je ballen mee, of leen die van ons.", price=FREE, sign_up=False),
    "Naaiatelier": Published(
        "", "Er staan zes naaimachines klaar. Breng je eigen stof mee.\n\nEen ervaren naaister helpt je op weg.",
        audience="beginners en gevorderden", price=FREE, sign_up=True, languages=("nl", "fr", "bg"),
    ),
    "Buurtmaaltijd": Published(
        "", "We eten samen aan lange tafels. Schrijf in tot de vrijdag ervoor, aan de toog van het huis.",
        price="betaal wat je kan", sign_up=True, is_accessible=True,
    ),
    "Repaircafé": Published(
        "", "Breng mee wat stuk is: een fiets, een broodrooster, een broek. Buren met handige handen helpen je.",
        price=FREE, sign_up=False,
    ),
    "Taaloefening Nederlands": Published(
        "", "We praten Nederlands over gewone dingen. Fouten maken mag.",
        audience="wie Nederlands leert", price=FREE, sign_up=False, languages=("nl", "en", "fr"),
    ),
    "Digipunt: hulp bij computer en gsm": Published("", "Breng je toestel mee.", price=FREE, sign_up=False),
    "Spelnamiddag": Published("", "Gezelschapsspelen voor jong en oud.", price=FREE, is_accessible=True),
    "Yoga voor beginners": Published("", "Breng een matje of een deken mee.", price="3 euro per keer", sign_up=True),
    "Breicafé": Published("", "Breien, haken en koffie. Er is wol om te proberen.", price=FREE, sign_up=False),
    "Kookles voor nieuwe buren": Published("", "We koken en eten samen.", audience="nieuwe buren", sign_up=True),
    "Infoavond geveltuinen": Published("", "Hoe begin je aan een geveltuin? Met planten om mee te nemen.", price=FREE),
    "Lezing over de Leie": Published("", "Over water, schepen en wassen in de rivier.", price=FREE),
}  # fmt: skip


def spread(venue_slug: str, planned: dict[str, list[Line]]) -> None:
    """Give the first room of a house lines of its own, in what was drawn for its rooms."""
    if venue_slug in HALLS or not planned:
        return
    room = min(planned)
    if venue_slug in OWN:
        planned[room] = list(OWN[venue_slug])
        return
    title = ONE_EACH[crc32(venue_slug.encode()) % len(ONE_EACH)]
    planned[room] = [*planned[room][:-1], replace(planned[room][-1], title=title)]


def tell(now: datetime, said: Mapping[str, Published] = SAID) -> None:
    """Say of every activity of the demonstration what there is to say, inside a write unit."""
    for activity in demo.activities():
        if words := said.get(activity.title):
            activity.text, activity.audience, activity.price = words.text, words.audience, words.price
            activity.sign_up, activity.is_accessible = words.sign_up, words.is_accessible
            activity.languages, activity.changed_at = list(words.languages), now
