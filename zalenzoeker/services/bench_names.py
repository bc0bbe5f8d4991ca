"""What the large invented set is made of: neighbourhoods, facilities, kinds and sizes of places, groups, programme."""

from zalenzoeker.domain.places import Manager, VenueKind
from zalenzoeker.domain.requests import RequesterKind

NEIGHBOURHOODS = {
    "binnenstad": "Binnenstad",
    "brugse-poort-rooigem": "Brugse Poort - Rooigem",
    "dampoort": "Dampoort",
    "drongen": "Drongen",
    "gentbrugge": "Gentbrugge",
    "ledeberg": "Ledeberg",
    "mariakerke": "Mariakerke",
    "muide-meulestede-afrikalaan": "Muide - Meulestede - Afrikalaan",
    "nieuw-gent-uz": "Nieuw Gent - UZ",
    "rabot-blaisantvest": "Rabot - Blaisantvest",
    "sint-amandsberg": "Sint-Amandsberg",
    "wondelgem": "Wondelgem",
}
FACILITIES = {
    "keuken": ("Keuken", "eten en drinken"),
    "bar": ("Bar of toog", "eten en drinken"),
    "tafels": ("Tafels", "inrichting"),
    "stoelen": ("Stoelen", "inrichting"),
    "podium": ("Podium", "inrichting"),
    "beamer": ("Beamer en scherm", "techniek"),
    "geluid": ("Geluidsinstallatie", "techniek"),
    "wifi": ("Wifi", "techniek"),
    "rolstoeltoegankelijk": ("Toegankelijk met een rolstoel", "toegang"),
    "toiletten": ("Toiletten", "toegang"),
    "terras": ("Terras", "buiten"),
    "piano": ("Piano", "ontspanning"),
}
KINDS = (
    (VenueKind.BUURTCENTRUM, Manager.COMMUNITY_WORKER),
    (VenueKind.OPEN_HUIS, Manager.VOLUNTEER_GROUP),
    (VenueKind.BUURTHUIS, Manager.VOLUNTEER_GROUP),
    (VenueKind.LDC, Manager.RECEPTION),
)
NAMES = {
    VenueKind.BUURTCENTRUM: "Buurtcentrum",
    VenueKind.OPEN_HUIS: "Open Huis",
    VenueKind.BUURTHUIS: "Buurthuis",
    VenueKind.LDC: "Dienstencentrum",
}
# Five in seven houses are open every day; on Fridays and Saturdays until one in the morning.
CLOSED_WEEKDAYS = (None, None, 6, None, None, 0, None)
EARLY, LATE = 23, 25
# A room whose size nobody knows is in a group of its own in every search.
SIZES = (15, 20, 25, 30, 40, 50, 60, 80, 100, 120, None)
GROUPS = (RequesterKind.NON_PROFIT, RequesterKind.RESIDENTS, RequesterKind.DE_FACTO, RequesterKind.ASSOCIATION)
OWN = ("Kaartnamiddag", "Koffieklets", "Soepcafé", "Naaiatelier", "Petanque en taart", "Buurtmaaltijd")
