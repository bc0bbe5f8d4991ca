"""Every table, one file per noun."""

from zalenzoeker.storage.models.accounts import Account, SignInCode
from zalenzoeker.storage.models.activities import Activity
from zalenzoeker.storage.models.advice import Vote
from zalenzoeker.storage.models.associations import Association, Invitation, Membership, Trust
from zalenzoeker.storage.models.changes import Change
from zalenzoeker.storage.models.daily import DailyLetter, NoReminders
from zalenzoeker.storage.models.decision_links import DateReminder, DecisionLink
from zalenzoeker.storage.models.desks import Desk, DeskMember, RoutingLine
from zalenzoeker.storage.models.diaries import Diary, DiaryTime
from zalenzoeker.storage.models.duty import Duty, DutyRota, QuietPeriod
from zalenzoeker.storage.models.feeds import CalendarMark
from zalenzoeker.storage.models.handovers import Handover
from zalenzoeker.storage.models.house_texts import HouseText
from zalenzoeker.storage.models.letters import IncomingLetter, Letter, MailStop
from zalenzoeker.storage.models.limits import Attempt, Heartbeat, SelfCheck
from zalenzoeker.storage.models.occupancy import (
    Closure,
    Occupancy,
    OwnProgramme,
    ProgrammeDate,
    ProgrammeException,
    ProgrammeGone,
)
from zalenzoeker.storage.models.private_feeds import FeedToken
from zalenzoeker.storage.models.requests import Decision, Event, Occurrence, Proposal, Request
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
from zalenzoeker.storage.models.subscriptions import Subscription, SubscriptionLink
from zalenzoeker.storage.models.venues import Neighbourhood, Venue

__all__ = [
    "Account",
    "Activity",
    "Association",
    "Attempt",
    "CalendarMark",
    "Change",
    "Closure",
    "DailyLetter",
    "DateReminder",
    "Decision",
    "DecisionLink",
    "Desk",
    "DeskMember",
    "Diary",
    "DiaryTime",
    "Duty",
    "DutyRota",
    "Event",
    "Facility",
    "FeedToken",
    "Handover",
    "Heartbeat",
    "HouseFact",
    "HouseText",
    "IncomingLetter",
    "Invitation",
    "Letter",
    "MailStop",
    "Membership",
    "Neighbourhood",
    "NoReminders",
    "Occupancy",
    "Occurrence",
    "Opening",
    "OwnProgramme",
    "ProgrammeDate",
    "ProgrammeException",
    "ProgrammeGone",
    "Proposal",
    "QuietPeriod",
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
    "Subscription",
    "SubscriptionLink",
    "Trust",
    "Venue",
    "Vote",
]
