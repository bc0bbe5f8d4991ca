"""What a desk proposes, in words: on the page of the request, at the desk and in the letter's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from zalenzoeker.domain.permissions import may_withdraw
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.services import proposals, proposing
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.access import actor
from zalenzoeker.web.dates import moment, when
from zalenzoeker.web.fields import LONGEST_TEXT, PageForm, check_text, strip


class DeclineForm(PageForm):
    """A word that goes with a no."""

    words = TextAreaField(
        _l("A word for the house"),
        name="bericht",
        filters=[strip],
        validators=[Length(max=LONGEST_TEXT, message=_l("Keep it under %(max)d characters.")), check_text],
    )


@dataclass(frozen=True)
class Offer:
    """A proposal that waits for an answer: what would become of which moment, and until when.

    ``other_desk``: the desk that still decides after a yes; empty where a yes is enough. ``is_open``: it can still be
    answered. ``is_booked``: it is about what was confirmed already. ``may_answer``: by who is looking.
    """

    lines: tuple[tuple[str, str], ...]
    until: str
    note: str
    other_desk: str
    is_open: bool
    is_booked: bool
    may_answer: bool


def offer_of(found: Request, now: datetime, *, is_by_letter: bool = False) -> Offer | None:
    """What waits for the asker's answer; None where nothing does. ``is_by_letter``: the token was shown."""
    dates, proposal = proposing.live(found), found.proposal
    if not dates or proposal is None:
        return None
    by_id = {one.id: one for one in found.occurrences}
    may = is_by_letter or may_withdraw(actor(), found.parties)
    return Offer(
        lines=lines(found, dates),
        until=moment(proposal.until),
        note=proposal.note if may else "",
        other_desk=proposal.desk.name if proposal.desk else "",
        is_open=proposal.until > now,
        is_booked=all(by_id[one.replaces_id or one.id].status is Status.APPROVED for one in dates),
        may_answer=may and proposal.until > now,
    )


def lines(found: Request, dates: Sequence[Occurrence]) -> tuple[tuple[str, str], ...]:
    """What was asked and what is proposed instead, date by date; with the rooms where these differ."""
    by_id = {one.id: one for one in found.occurrences}
    pairs = [(by_id[one.replaces_id or one.id], one) for one in sorted(dates, key=lambda one: one.from_epoch)]
    has_rooms = any(old.room_id != new.room_id for old, new in pairs)
    return tuple((_said(old, old, has_rooms=has_rooms), _said(new, old, has_rooms=has_rooms)) for old, new in pairs)


def _said(one: Occurrence, old: Occurrence, *, has_rooms: bool) -> str:
    words = when(one.slot)
    if one is not old:
        words = words[:1].upper() + words[1:]
    if not has_rooms:
        return words
    is_here = one.room.venue_id == old.room.venue_id
    room = one.room.name if is_here else f"{one.room.name}, {one.room.venue.name}"
    return _("%(moment)s in %(room)s", moment=words, room=room)


@dataclass(frozen=True)
class AtDesk:
    """What the page of the desk says of proposals: the one that waits, and whether a new one can be made."""

    offer: Offer | None
    note: str
    may_propose: bool


def at_desk(found: Request, now: datetime, *, may_decide: bool) -> AtDesk:
    """For the page of a request at its desk; nobody proposes anything on their own request."""
    offer = offer_of(found, now)
    may = may_decide and offer is None and found.decision is None and bool(proposals.can_be_moved(found, now))
    return AtDesk(offer, found.proposal.note if offer and found.proposal else "", may)


def proposed_soon(found: Request) -> list[tuple[str, str]]:
    """What is decided to be proposed and is not told yet; ``found`` may be loaded without its proposal."""
    decision = found.decision
    if decision is None or Action.PROPOSE not in decision.answers.values():
        return []
    return list(lines(found, proposing.untold(found)))
