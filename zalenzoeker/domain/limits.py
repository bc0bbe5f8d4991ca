"""How often things may be tried, per person and per network address."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Limited(StrEnum):
    """What is counted."""

    CODE_FOR_EMAIL = "code_for_email"
    CODE_FOR_EMAIL_AND_ADDRESS = "code_for_email_and_address"
    CODE_FOR_ADDRESS = "code_for_address"
    TRY_FOR_ADDRESS = "try_for_address"
    CODE_FOR_EMAIL_A_DAY = "code_for_email_a_day"
    ASK_FOR_ACCOUNT = "ask_for_account"
    ASK_FOR_ADDRESS = "ask_for_address"
    UNPROVED_FOR_ADDRESS = "unproved_for_address"
    INVITE_FOR_ACCOUNT = "invite_for_account"
    MESSAGE_FOR_ACCOUNT = "message_for_account"
    LINK_FOR_ADDRESS = "link_for_address"
    ENTER_FOR_ACCOUNT = "enter_for_account"
    STRANGER_FOR_REQUEST = "stranger_for_request"
    FEED_FOR_ADDRESS = "feed_for_address"
    FEED_ADDRESS_FOR_ACCOUNT = "feed_address_for_account"
    SUBSCRIBE_FOR_ADDRESS = "subscribe_for_address"
    SUBSCRIBE_FOR_EMAIL = "subscribe_for_email"


@dataclass(frozen=True)
class Limit:
    """So many times in so long."""

    count: int
    window: timedelta


LIMITS: dict[Limited, Limit] = {
    # Looser per e-mail than per place it is asked from, so that a stranger elsewhere locks nobody out soon.
    Limited.CODE_FOR_EMAIL_AND_ADDRESS: Limit(5, timedelta(minutes=15)),
    Limited.CODE_FOR_EMAIL: Limit(20, timedelta(hours=1)),
    Limited.CODE_FOR_ADDRESS: Limit(20, timedelta(minutes=15)),
    Limited.TRY_FOR_ADDRESS: Limit(20, timedelta(minutes=5)),
    # Five tries each: three hundred guesses a day at a million codes.
    Limited.CODE_FOR_EMAIL_A_DAY: Limit(60, timedelta(days=1)),
    Limited.ASK_FOR_ACCOUNT: Limit(10, timedelta(hours=1)),
    Limited.ASK_FOR_ADDRESS: Limit(30, timedelta(hours=1)),
    Limited.UNPROVED_FOR_ADDRESS: Limit(5, timedelta(minutes=30)),
    Limited.INVITE_FOR_ACCOUNT: Limit(20, timedelta(hours=1)),
    # Each one is a letter to everybody at a desk.
    Limited.MESSAGE_FOR_ACCOUNT: Limit(10, timedelta(hours=1)),
    # Links of letters that open nothing: nobody guesses 128 bits, and nobody needs to be let try.
    Limited.LINK_FOR_ADDRESS: Limit(30, timedelta(minutes=5)),
    Limited.ENTER_FOR_ACCOUNT: Limit(120, timedelta(hours=1)),
    Limited.STRANGER_FOR_REQUEST: Limit(5, timedelta(days=1)),
    # Counted beside the database (``gateways.feed_pace``): a fetch that writes there would cost ten that do not.
    Limited.FEED_FOR_ADDRESS: Limit(60, timedelta(minutes=1)),
    Limited.FEED_ADDRESS_FOR_ACCOUNT: Limit(30, timedelta(hours=1)),
    # Each one is a letter to somebody who may not have asked for it.
    Limited.SUBSCRIBE_FOR_ADDRESS: Limit(10, timedelta(hours=1)),
    Limited.SUBSCRIBE_FOR_EMAIL: Limit(3, timedelta(days=1)),
}
# So many unproved forms may hold one room at the same time.
UNPROVED_PER_ROOM = 8


@dataclass(frozen=True)
class Visitor:
    """Which browser and network address somebody comes from. ``is_limited`` is off only to measure on one machine."""

    browser_hash: str = ""
    address: str = ""
    is_limited: bool = True


class TooMany(Exception):
    """A limit was reached; try again after ``retry_after`` seconds."""

    def __init__(self, limited: Limited, retry_after: int) -> None:
        super().__init__(f"{limited}: again after {retry_after} s")
        self.limited = limited
        self.retry_after = retry_after
