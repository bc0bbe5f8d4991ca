"""Letters about who belongs to a desk, each written in the transaction of the deed."""

from collections.abc import Collection
from datetime import datetime

from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.storage import outbox
from zalenzoeker.storage.models import Desk


def member_added(desk: Desk, email: str, *, by_name: str, event_key: str, now: datetime) -> None:
    """To who was made a member. ``by_name`` may be empty."""
    facts = {"desk": desk.name, "by_name": by_name}
    outbox.put(LetterKind.MEMBER_ADDED, [email], event_key=event_key, facts=facts, now=now)


def handover_offered(desk: Desk, to_email: str, *, token: str, by_name: str, event_key: str, now: datetime) -> None:
    """To the successor; ``token`` opens the page on which to say yes."""
    facts = {"desk": desk.name, "by_name": by_name, "token": token}
    outbox.put(LetterKind.HANDOVER_OFFERED, [to_email], event_key=event_key, facts=facts, now=now)


def handover_told(
    desk: Desk, people: Collection[str], *, to_email: str, by_name: str, is_done: bool, event_key: str, now: datetime
) -> None:
    """To those who have the desk: somebody offered it to another, or that other said yes and they have it no more."""
    facts = {"desk": desk.name, "desk_slug": desk.slug, "to": to_email, "by_name": by_name, "is_done": is_done}
    outbox.put(LetterKind.HANDOVER_TOLD, sorted(set(people)), event_key=event_key, facts=facts, now=now)


def address_changed(
    desk: Desk, people: Collection[str], *, former: str, by_name: str, event_key: str, now: datetime
) -> None:
    """To everybody of a desk and to its ``former`` shared address: that it has another one from now on, or none."""
    facts = {
        "desk": desk.name,
        "desk_slug": desk.slug,
        "former": former,
        "address": desk.email,
        "by_name": by_name,
    }
    outbox.put(LetterKind.ADDRESS_CHANGED, sorted(set(people)), event_key=event_key, facts=facts, now=now)
