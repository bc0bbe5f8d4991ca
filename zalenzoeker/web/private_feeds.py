"""Calendars for some eyes only: one's own, of a group, of a desk; and the buttons that make their address."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker import clock
from zalenzoeker.domain.activities import for_bystanders
from zalenzoeker.domain.feeds import since, span
from zalenzoeker.domain.private_feeds import STANDS, TENTATIVE, FeedOf
from zalenzoeker.domain.slots import Slot, to_local
from zalenzoeker.gateways import calendar
from zalenzoeker.gateways.calendar import Entry
from zalenzoeker.services import feed_tokens as service
from zalenzoeker.services.tokens import hash_of
from zalenzoeker.storage import accounts, feed_tokens
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import private_feeds as storage
from zalenzoeker.storage.feed_tokens import Known
from zalenzoeker.storage.private_feeds import Dated, Shown
from zalenzoeker.web.absolute import absolute
from zalenzoeker.web.access import actor, desk_only, public, signed_in, visitor
from zalenzoeker.web.feed_answer import answered, cancelled_prefix, described, keep_pace, place_of
from zalenzoeker.web.keeping import kept_desk

blueprint = Blueprint("private_feeds", __name__)


@dataclass(frozen=True)
class Feed:
    """What a private calendar is about. ``kept_as``: the name of its bytes: by whose it is, never by its address."""

    kept_as: str
    name: str
    words: str
    page: str
    shown: Shown


@blueprint.get("/kalender/mijn/<token>.ics")
@public
def mine(token: str) -> ResponseReturnValue:
    """One's own and one's groups' bookings, or those of one group."""
    keep_pace()
    known = feed_tokens.by_hash(hash_of(token))
    if known is None or known.desk is not None:
        abort(404)
    return _answer(_of_association(known) if known.association else _of_person(known))


@blueprint.get("/kalender/balie/<token>.ics")
@public
def desk(token: str) -> ResponseReturnValue:
    """The bookings of a desk, and what waits for it."""
    keep_pace()
    known = feed_tokens.by_hash(hash_of(token))
    if known is None or known.desk is None:
        abort(404)
    return _answer(
        Feed(
            kept_as=f"desk {known.desk.id}",
            name=_("Bookings of %(group)s", group=known.desk.name),
            words=_("What your desk said yes to, and what waits for an answer. May lag a day behind."),
            page=absolute("desk.inbox"),
            shown=_shown(FeedOf.DESK, storage.of_desk(known.desk.id)),
        )
    )


def _of_person(known: Known) -> Feed:
    account = known.account
    groups = accounts.actor(account).association_ids
    return Feed(
        kept_as=f"person {account.id}",
        name=_("My bookings"),
        words=_("What you and your groups have a yes for. May lag a day behind."),
        page=absolute("accounts.mine"),
        shown=_shown(FeedOf.PERSON, storage.of_person(account.id, groups, email=account.email)),
    )


def _of_association(known: Known) -> Feed:
    group = known.association
    assert group is not None, "it was looked at by the caller"
    return Feed(
        kept_as=f"association {group.id}",
        name=_("Bookings of %(group)s", group=group.name),
        words=_("What your group has a yes for. May lag a day behind."),
        page=absolute("associations.show", code=group.code),
        shown=_shown(FeedOf.ASSOCIATION, storage.of_association(group.id)),
    )


def _shown(of: FeedOf, whose: storage.Whose) -> Shown:
    today = _today()
    first, last = span(today)
    return Shown(of, STANDS[of], whose, first, last, since(today))


def _today() -> date:
    return to_local(clock.now()).date()


def _answer(feed: Feed) -> Response:
    words = repr((feed.name, described(feed.words), feed.page, cancelled_prefix(), _requested(), calendar.FORM))
    version = f"{storage.mark(feed.shown)} {hashlib.sha256(words.encode()).hexdigest()} {_today()}"
    return answered(f"private {feed.kept_as}", version, _builder(feed), is_private=True)


def _builder(feed: Feed) -> Callable[[], bytes]:
    def build() -> bytes:
        return calendar.write(
            _entries(feed.shown),
            name=feed.name,
            description=described(feed.words),
            # Its own address would be the key to it, readable in every copy.
            source="",
            url=feed.page,
            cancelled_prefix=cancelled_prefix(),
        )

    return build


def _entries(shown: Shown) -> Iterator[Entry]:
    rooms = cities.city().by_id
    for row in storage.dates(shown):
        is_tentative = row.status in TENTATIVE
        activity = for_bystanders(row.activity, row.reference, is_shielded=row.is_shielded)
        summary = _("%(activity)s, %(room)s", activity=activity, room=rooms[row.room_id].name)
        location, _page, lat, lon = place_of(rooms[row.room_id])
        page = "desk.show" if shown.of is FeedOf.DESK else "requests.show"
        yield Entry(
            uid=row.uid,
            slot=Slot(row.starts, row.ends, row.zone),
            # Many programs show what is not certain like anything else.
            summary=f"{_requested()} {summary}" if is_tentative else summary,
            stamp=row.changed_at,
            sequence=row.sequence,
            is_cancelled=row.status not in shown.statuses,
            description=_who_asks(row) if shown.of is FeedOf.DESK and not row.is_shielded else row.reference,
            location=location,
            url=absolute(page, code=row.code),
            lat=lat,
            lon=lon,
            is_tentative=is_tentative,
            is_private=True,
        )


def _requested() -> str:
    return _("Requested:")


def _who_asks(row: Dated) -> str:
    """Who asks, for the desk alone: without address or telephone, which stand on the page of the request."""
    group, person = row.association_name, row.contact_name
    who = _("%(group)s (%(name)s)", group=group, name=person) if group and person else group or person
    people = ngettext("%(num)d person", "%(num)d people", row.people)
    return f"{who}\n{people}\n{row.reference}"


@blueprint.post("/mijn/kalender")
@signed_in
def make() -> ResponseReturnValue:
    """A new address of one's own calendar, or of that of the group that is named; the former one ends."""
    group = request.form.get("van", "")
    token = service.make(association=group, by=actor(), now=clock.now(), visitor=visitor())
    return _made(absolute("private_feeds.mine", token=token), url_for("accounts.mine"), is_of_desk=False)


@blueprint.post("/mijn/kalender/stoppen")
@signed_in
def revoke() -> ResponseReturnValue:
    service.revoke(association=request.form.get("van", ""), by=actor())
    return _revoked(url_for("accounts.mine", _anchor="kalender"))


@blueprint.post("/balie/ploeg/<desk>/kalender")
@desk_only
def make_for_desk(desk: str) -> ResponseReturnValue:
    """The same for a desk: each of its members makes one of their own."""
    kept_desk(desk)
    token = service.make(desk=desk, by=actor(), now=clock.now(), visitor=visitor())
    back = url_for("crew.show", desk=desk)
    return _made(absolute("private_feeds.desk", token=token), back, is_of_desk=True)


@blueprint.post("/balie/ploeg/<desk>/kalender/stoppen")
@desk_only
def revoke_for_desk(desk: str) -> ResponseReturnValue:
    kept_desk(desk)
    service.revoke(desk=desk, by=actor())
    return _revoked(url_for("crew.show", desk=desk, _anchor="kalender"))


def _made(address: str, back: str, *, is_of_desk: bool) -> str:
    """The one page that shows the whole address; nobody can look it up again."""
    return render_template("private_feeds/made.html", address=address, back=back, is_of_desk=is_of_desk)


def _revoked(back: str) -> ResponseReturnValue:
    flash(_("That address no longer works. Calendars that follow it get nothing more."), "ok")
    return redirect(back)
