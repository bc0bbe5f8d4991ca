"""A letter about a request on its way: to its asker, to its desk, to who is on duty there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from zalenzoeker.domain.decision_links import LINK_LIVES
from zalenzoeker.domain.letters import SECRETS, LetterKind
from zalenzoeker.domain.requests import WAITS_FOR_THE_DESK
from zalenzoeker.services import decision_links, holding
from zalenzoeker.services.letter_facts import facts_of
from zalenzoeker.services.readers import Readers
from zalenzoeker.storage import house_texts, outbox
from zalenzoeker.storage.models import Account, Desk, Request
from zalenzoeker.storage.models.desks import CITY_DESK
from zalenzoeker.storage.models.house_texts import TextName

# In which letters a house says something of its own.
TEXT_IN = {LetterKind.REQUEST_APPROVED: TextName.IN_APPROVAL, LetterKind.DATE_REMINDER: TextName.IN_REMINDER}
NO_OWN: Mapping[str, Mapping[str, Any]] = {}


def tell_asker(kind: LetterKind, request: Request, desk: Desk, now: datetime, *, mark: str = "", **more: Any) -> None:
    """``mark``: what tells letters of one kind about one version of a request apart."""
    facts = {**facts_of(request, desk), **more, **_added(kind, request), "is_for_desk": False}
    put(kind, [request.contact_email], request, facts, now, reply_to=reply_to_house(request, desk), mark=mark)


def _added(kind: LetterKind, request: Request) -> dict[str, str]:
    """What the house adds to this letter in its own words, with the names that are filled in as it is written out."""
    if kind not in TEXT_IN:
        return {}
    return {"house_words": house_texts.words(request.first.room.venue_id).get(TEXT_IN[kind], "")}


def tell_desk(
    kind: LetterKind, request: Request, desk: Desk, now: datetime, *, also: Sequence[str] = (), **more: Any
) -> None:
    """``also``: who else must hear of it, by e-mail."""
    facts = {**facts_of(request, desk), **more, "is_for_desk": True}
    readers = Readers(desk, now)
    held = holding.who_wait(kind, request, facts, readers)
    # Whoever reads it tomorrow morning is not written now; without a link, which would be too old by then.
    put(kind, held, request, facts, now, reply_to=request.contact_email, desk_id=desk.id, is_held=True)
    people = [one for one in dict.fromkeys([*readers.who_decide(request), *also]) if one not in held]
    _put_at_desk(kind, people, request, readers, facts)


def tell_voters(kind: LetterKind, voters: Sequence[Account], request: Request, readers: Readers, **more: Any) -> None:
    """To those of a desk whose vote is missing, each by their own address: nobody votes for another."""
    facts = {**facts_of(request, readers.desk), **more, "is_for_desk": True}
    _put_at_desk(kind, [one.email for one in voters], request, readers, facts)


def tell_crew(kind: LetterKind, request: Request, readers: Readers, *, also: Sequence[str] = (), **more: Any) -> None:
    """Somebody of a desk has to act: to the person on duty first, by name, and to the group in copy.

    ``also``: who else must hear of it, by e-mail.
    """
    first = readers.unless_own(readers.on_duty, request)
    name = first.name or first.email if first else ""
    facts = {**facts_of(request, readers.desk), **more, "is_for_desk": True, "on_duty": name}
    group = dict.fromkeys([*readers.who_decide(request), *also])
    group.pop(first.email if first else "", None)
    if first is not None:
        _put_at_desk(kind, [first.email], request, readers, facts)
    _put_at_desk(kind, list(group), request, readers, {**facts, "is_copy": first is not None})


def tell_member(kind: LetterKind, email: str, request: Request, readers: Readers, **more: Any) -> None:
    """To one of a desk alone."""
    facts = {**facts_of(request, readers.desk), **more, "is_for_desk": True}
    _put_at_desk(kind, [email], request, readers, facts)


def _put_at_desk(
    kind: LetterKind, people: Collection[str], request: Request, readers: Readers, facts: dict[str, Any]
) -> None:
    """To each of a desk; where something waits for them, with a link of their own by which they decide.

    An answer goes to the asker, except to a letter with a link: it would come along in what is quoted.
    """
    desk, now = readers.desk, readers.now
    own: dict[str, dict[str, Any]] = {}
    if _has_link(kind, request, desk):
        until = (now + LINK_LIVES).isoformat()
        tokens = decision_links.make(request, readers, now, to=people)
        vote = {"is_vote": True} if votes_by_mail(request, desk.id) else {}
        own = {person: {"token": token, "link_until": until, **vote} for person, token in tokens.items()}
    for has_link, some in groupby(people, own.__contains__):
        reply_to = desk.email if has_link else request.contact_email
        put(kind, list(some), request, facts, now, reply_to=reply_to, own=own, desk_id=desk.id)


def _has_link(kind: LetterKind, request: Request, desk: Desk) -> bool:
    """Does it wait for this desk, whose members decide alone, or vote? Who stands in for others does not vote."""
    decides = desk.slug == CITY_DESK or desk.id == request.desk_id
    if not request.voting:
        decides = decides or desk.id == request.deputy_desk_id
    return kind in SECRETS and decides and request.status in WAITS_FOR_THE_DESK


def votes_by_mail(request: Request, desk_id: int) -> bool:
    """Is it a vote that a reader of this desk gives by their letter? The city desk decides in any case."""
    return bool(request.voting) and desk_id == request.desk_id


def put(  # noqa: PLR0913 -- each is something else about a letter
    kind: LetterKind,
    people: Collection[str],
    request: Request,
    facts: dict[str, Any],
    now: datetime,
    *,
    reply_to: str,
    mark: str = "",
    own: Mapping[str, Mapping[str, Any]] = NO_OWN,
    desk_id: int | None = None,
    is_held: bool = False,
) -> None:
    """``own``: what only the letter to one of them says, by their address. The rest as with ``outbox.put``."""
    side = "desk" if facts["is_for_desk"] else "asker"
    # Handed on, and back, is no new version, but each time somebody is told.
    mark = f":{len(request.events)}" if kind is LetterKind.REQUEST_HANDED else mark
    outbox.put(
        kind,
        people,
        event_key=f"{request.id}:{request.version}:{kind}:{side}{mark}",
        facts=facts,
        now=now,
        reply_to=reply_to,
        request_id=request.id,
        own=own,
        desk_id=desk_id,
        is_held=is_held,
    )


def reply_to_house(request: Request, desk: Desk) -> str:
    """Where an answer to a letter goes: the desk, else the house's own address."""
    return desk.email or request.first.room.venue.email
