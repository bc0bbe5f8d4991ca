"""Letters in words: what kind they are, what became of them, and what a daily letter holds."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from zalenzoeker.domain.daily import News
from zalenzoeker.domain.fates import Fate
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.web.dates import format_list

NEWS: Mapping[News, Any] = {
    News.CONFIRMED: _l("A booking that the rules of the house confirmed at once"),
    News.FREED: _l("A request that was withdrawn, or a date that is free again"),
    News.MOVED: _l("A date that moved or became shorter, without a question to you"),
    News.AGREED: _l("A yes of the asker to your proposal"),
}
LETTER: Mapping[LetterKind, Any] = {
    LetterKind.SIGN_IN_CODE: _l("Code to sign in"),
    LetterKind.INVITATION: _l("Invitation to an association"),
    LetterKind.REQUEST_RECEIVED: _l("The request has arrived"),
    LetterKind.REQUEST_TO_DECIDE: _l("A request waits for the desk"),
    LetterKind.REQUEST_APPROVED: _l("Yes, the room is theirs"),
    LetterKind.REQUEST_REFUSED: _l("No to a request"),
    LetterKind.REQUEST_CANCELLED: _l("A booking was cancelled"),
    LetterKind.REQUEST_WITHDRAWN: _l("A request was withdrawn"),
    LetterKind.REQUEST_EXPIRED: _l("Nobody answered in time"),
    LetterKind.REQUEST_CONFIRMED: _l("The rules of the house said yes at once"),
    LetterKind.REQUEST_OVERTAKEN: _l("Another request was chosen"),
    LetterKind.HOLD_ENDED: _l("The room is no longer held"),
    LetterKind.DATES_LET_GO: _l("Dates were given up"),
    LetterKind.DATES_CHANGED: _l("Dates moved, or want to move"),
    LetterKind.WAITING_JOINED: _l("On the waiting list"),
    LetterKind.PLACE_OFFERED: _l("A place came free"),
    LetterKind.OFFER_ENDED: _l("An offered place went to the next one"),
    LetterKind.WAITING_ENDED: _l("Waiting ended without a place"),
    LetterKind.RENEWAL_DUE: _l("Reminder: weekly use ends soon"),
    LetterKind.QUESTION_ASKED: _l("A question to the asker"),
    LetterKind.QUESTION_ANSWERED: _l("A word from the asker"),
    LetterKind.DECISION_FELL: _l("A decision could not be carried out"),
    LetterKind.MAIL_NOT_KEPT: _l("An answer by mail could not be kept"),
    LetterKind.REQUEST_FORWARDED: _l("Another desk decides"),
    LetterKind.REQUEST_HANDED: _l("A colleague looks after it"),
    LetterKind.REQUEST_REMINDER: _l("Reminder: a request still waits"),
    LetterKind.REQUEST_TO_DEPUTY: _l("Somebody else may step in"),
    LetterKind.REQUEST_TO_CITY: _l("The city desk is asked to help"),
    LetterKind.PROPOSAL_MADE: _l("A proposal to the asker"),
    LetterKind.PROPOSAL_ACCEPTED: _l("Yes to a proposal"),
    LetterKind.PROPOSAL_DECLINED: _l("No to a proposal"),
    LetterKind.PROPOSAL_ENDED: _l("A proposal ended"),
    LetterKind.DATE_REMINDER: _l("Reminder: the date is near"),
    LetterKind.MEMBER_ADDED: _l("Somebody is a member of a desk now"),
    LetterKind.HANDOVER_OFFERED: _l("A desk is offered to a successor"),
    LetterKind.HANDOVER_TOLD: _l("A desk is handed over"),
    LetterKind.ADDRESS_CHANGED: _l("A desk has another address"),
    LetterKind.DAILY_LETTER: _l("Daily letter of a desk"),
    LetterKind.SUBSCRIPTION_ASKED: _l("Yes to the weekly letter?"),
    LetterKind.WEEKLY_LETTER: _l("Weekly letter for residents"),
}
LOOK_OF_FATE: Mapping[Fate, str] = {
    Fate.REFUSED: "no",
    Fate.GIVEN_UP: "no",
    Fate.CAME_BACK: "no",
    Fate.TRYING: "wait",
}


def letter_name(kind: str) -> str:
    """What kind of letter it is; one that this version of the site does not know is a letter."""
    return str(LETTER[LetterKind(kind)]) if kind in set(LetterKind) else _("Letter")


def fate_said(fate: Fate, moment: str) -> str:
    """``moment``: when that was, or when it will be tried again; may be empty."""
    words = {
        Fate.WAITING: _("waits to leave"),
        Fate.TRYING: _("not gone yet, tried again at %(moment)s", moment=moment),
        Fate.SENT: _("sent at %(moment)s", moment=moment),
        Fate.REFUSED: _("not delivered: the other side refuses it"),
        Fate.GIVEN_UP: _("not delivered: given up after many tries"),
        Fate.CAME_BACK: _("came back: it did not arrive"),
        Fate.HELD: _("comes in the daily letter"),
        Fate.BUNDLED: _("told in the daily letter at %(moment)s", moment=moment),
        Fate.TO_PRINT: _("to be printed by the desk"),
        Fate.HANDED_OVER: _("handed over on paper at %(moment)s", moment=moment),
    }
    return words[fate]


def daily_title(_facts: Mapping[str, Any], _names: object) -> str:
    return _("Daily letter to the shared address")


def daily_said(facts: Mapping[str, Any], _names: object) -> str:
    return format_list([str(NEWS[News(one)]) for one in facts.get("news", []) if one in set(News)])
