"""Every table, one file per noun."""

from zalenzoeker.storage.models.accounts import Account, SignInCode
from zalenzoeker.storage.models.associations import Association, Invitation, Membership, Trust
from zalenzoeker.storage.models.desks import Desk, DeskMember, RoutingLine
from zalenzoeker.storage.models.letters import IncomingLetter, Letter
from zalenzoeker.storage.models.limits import Attempt, Heartbeat, SelfCheck
from zalenzoeker.storage.models.occupancy import Closure, Occupancy, OwnProgramme, ProgrammeException, ProgrammeGone
from zalenzoeker.storage.models.requests import Decision, Event, Occurrence, Request
from zalenzoeker.storage.models.rooms import (
    Facility,
    HouseFact,
    Opening,
    Room,
    RoomFacility,
    RoomSpace,
    RuleLine,
    Space,
)
from zalenzoeker.storage.models.special_days import Revision, SpecialDay
from zalenzoeker.storage.models.venues import Neighbourhood, Venue

__all__ = [
    "Account",
    "Association",
    "Attempt",
    "Closure",
    "Decision",
    "Desk",
    "DeskMember",
    "Event",
    "Facility",
    "Heartbeat",
    "HouseFact",
    "IncomingLetter",
    "Invitation",
    "Letter",
    "Membership",
    "Neighbourhood",
    "Occupancy",
    "Occurrence",
    "Opening",
    "OwnProgramme",
    "ProgrammeException",
    "ProgrammeGone",
    "Request",
    "Revision",
    "Room",
    "RoomFacility",
    "RoomSpace",
    "RoutingLine",
    "RuleLine",
    "SelfCheck",
    "SignInCode",
    "Space",
    "SpecialDay",
    "Trust",
    "Venue",
]
