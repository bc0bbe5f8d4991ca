"""Publishing: what residents read of a booking or of own programme, and taking it out of the agenda again."""

from dataclasses import asdict
from datetime import datetime

from zalenzoeker.domain.activities import Published, may_publish, may_take_down
from zalenzoeker.domain.changes import Subject, check_version
from zalenzoeker.domain.permissions import Actor, NotAllowed
from zalenzoeker.domain.requests import AWAITS_PROOF, IS_ALIVE, Action, NotPossible
from zalenzoeker.services import changes
from zalenzoeker.services.activities import moved_follow
from zalenzoeker.services.house_texts import tidy
from zalenzoeker.services.houses import UnknownHouse, kept, line_told
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import activities, programme_dates, requests
from zalenzoeker.storage import programme as lines
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Activity, OwnProgramme, Request


def told(activity: Activity | None, title: str) -> Published:
    """What is said of an activity; where nobody said anything yet, its title."""
    if activity is None:
        return Published(title)
    return Published(
        activity.title,
        activity.text,
        activity.theme,
        activity.audience,
        activity.price,
        activity.sign_up,
        activity.is_accessible,
        tuple(activity.languages),
        activity.picture,
        activity.picture_words,
    )


def as_kept(words: Published) -> dict[str, object]:
    """In the form whose version is compared."""
    return asdict(words)


def publish(code: str, words: Published, *, by: Actor, now: datetime, version: str) -> str:
    """Whoever asked says what residents read of their booking, and that they may read it; a second time is one.

    It stands in the agenda as soon as the booking is confirmed, and follows it. Returns the name of a picture that is
    shown no longer, or "". ``version``: of the words that were looked at.
    Raises CannotPublish, UnknownRequest, NotAllowed, NotPossible, ChangedMeanwhile.
    """
    words.check()
    with write_unit():
        request = _opened(code)
        if not may_publish(by, request.parties):
            raise NotAllowed
        if request.is_shielded or request.status not in IS_ALIVE or request.status in AWAITS_PROOF:
            raise NotPossible(request.status, Action.CHANGE)
        activity = activities.of_request(request.id)
        former = told(activity, request.activity)
        if former != words:
            check_version(as_kept(former), version)
        activity = activity or activities.add(words.title, now, is_demo=request.is_demo, request_id=request.id)
        request.is_public = True
        return _say(activity, words, now)


def take_down(code: str, *, by: Actor, now: datetime) -> None:
    """Nobody else reads of this booking from now on; its words are kept. A second time changes nothing.

    Its dates count as changed, so that every calendar takes the name away. Whoever published it does so, and whoever
    decides about the booking. Raises UnknownRequest, NotAllowed.
    """
    with write_unit():
        request = _opened(code)
        if not may_take_down(by, request.parties):
            raise NotAllowed
        if request.is_public:
            request.is_public = False
            for date in request.occurrences:
                date.changed_at = now


def _opened(code: str) -> Request:
    request = requests.for_change(code)
    if request is None:
        raise UnknownRequest
    return request


def publish_line(venue_slug: str, code: str, words: Published, *, by: Actor, now: datetime, version: str) -> str:
    """A house says what residents read of a line of its programme, and that they may; otherwise as ``publish``.

    Raises CannotPublish, UnknownHouse, NotAllowed, ChangedMeanwhile.
    """
    words.check()
    with write_unit():
        row = _line(venue_slug, code, by)
        if row.is_shielded:
            raise NotAllowed
        line_id = programme_dates.line_of_words(row.id)
        activity = activities.of_line(line_id)
        former = told(activity, row.title)
        if former != words:
            check_version(as_kept(former), version)
        activity = activity or activities.add(words.title, now, is_demo=row.is_demo, programme_id=line_id)
        _show(row, venue_slug, by, now, is_public=True)
        return _say(activity, words, now)


def take_line_down(venue_slug: str, code: str, *, by: Actor, now: datetime) -> None:
    """Of a line others only see that the room is taken; its words are kept. Raises UnknownHouse, NotAllowed."""
    with write_unit():
        _show(_line(venue_slug, code, by), venue_slug, by, now, is_public=False)


def _line(venue_slug: str, code: str, by: Actor) -> OwnProgramme:
    venue = kept(venue_slug, by)
    row = lines.for_change(code)
    if row is None or row.room.venue_id != venue.id:
        raise UnknownHouse
    return row


def _show(row: OwnProgramme, venue_slug: str, by: Actor, now: datetime, *, is_public: bool) -> None:
    if row.is_public is not is_public:
        venue = kept(venue_slug, by)
        before = line_told(venue, row)
        row.is_public, row.changed_at = is_public, now
        moved_follow(row, now)
        changes.log(venue, Subject.PROGRAMME, before, line_told(venue, row), by=by, now=now)


def _say(activity: Activity, words: Published, now: datetime) -> str:
    """Write down what is said, if that is something else than before; the picture that nobody shows any more."""
    if told(activity, activity.title) == words:
        return ""
    gone = activity.picture if activity.picture != words.picture else ""
    activity.title, activity.text, activity.theme = words.title.strip(), tidy(words.text), words.theme
    activity.audience, activity.price = words.audience.strip(), words.price.strip()
    activity.sign_up, activity.is_accessible = words.sign_up, words.is_accessible
    activity.languages = list(words.languages)
    activity.picture, activity.picture_words = words.picture, words.picture_words.strip() if words.picture else ""
    activity.changed_at = now
    return gone if gone and not activities.is_shown(gone) else ""
