"""Getting the weekly letter: asked on a form, confirmed by its reader, changed and ended by the link in a letter."""

from dataclasses import dataclass
from datetime import datetime

from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.limits import Limited, Visitor
from zalenzoeker.domain.weekly_letter import CONFIRM_WITHIN, LINKS_KEPT, Choices, issue_of
from zalenzoeker.services.tokens import hash_of, new_token
from zalenzoeker.storage import limits, outbox
from zalenzoeker.storage import subscriptions as storage
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Subscription, SubscriptionLink


class UnknownLink(LookupError):
    """No letter has this link, or it is forgotten."""


class NotSubscribed(Exception):
    """The link was one of somebody who gets no letter: it ended, or nobody confirmed it in time."""


@dataclass(frozen=True)
class Opened:
    """What a link opens. ``wanted``: what a yes would choose; None where nothing waits to be confirmed."""

    choices: Choices
    wanted: Choices | None
    is_confirmed: bool


def ask(email: str, choices: Choices, *, now: datetime, visitor: Visitor) -> None:
    """Write to an address to confirm it; the same for one that gets the letter already, which changes by its yes only.

    Raises TooMany.
    """
    email = email.casefold()
    with write_unit():
        limits.spend(Limited.SUBSCRIBE_FOR_ADDRESS, visitor.address, now, visitor)
        limits.spend(Limited.SUBSCRIBE_FOR_EMAIL, email, now, visitor)
        subscription, token = storage.of_email(email, now, choices.as_json()), new_token()
        subscription.asked_at = now
        storage.add_link(subscription, hash_of(token), now, choices.as_json())
        facts = {"token": token, "days": CONFIRM_WITHIN.days}
        key = f"subscribe:{hash_of(token)[:32]}"
        outbox.put(LetterKind.SUBSCRIPTION_ASKED, [email], event_key=key, facts=facts, now=now)


def opened(token: str, now: datetime) -> Opened:
    """What the link of a letter opens; looking changes nothing. Raises UnknownLink, NotSubscribed."""
    link = storage.link(hash_of(token))
    if link is None:
        raise UnknownLink
    found = storage.by_id(link.subscription_id)
    is_too_late = link.wanted is not None and link.created_at + CONFIRM_WITHIN <= now
    if found is None or (found.confirmed_at is None and is_too_late):
        raise NotSubscribed
    wanted = None if link.wanted is None or is_too_late else Choices.from_json(link.wanted)
    return Opened(found.choices, wanted, found.confirmed_at is not None)


def confirm(token: str, *, now: datetime) -> None:
    """Get the letter from the next one on, with what this link wants; a second time changes nothing.

    Raises UnknownLink, NotSubscribed.
    """
    with write_unit():
        link, found = _locked(token)
        if link.wanted is None:
            return
        if link.created_at + CONFIRM_WITHIN <= now:
            if found.confirmed_at is None:
                raise NotSubscribed
            return
        found.chosen, link.wanted = link.wanted, None
        if found.confirmed_at is None:
            found.confirmed_at, found.last_issue = now, issue_of(now)


def change(token: str, choices: Choices) -> None:
    """Other choices from the next letter on. Raises UnknownLink, NotSubscribed: also for who did not confirm yet."""
    with write_unit():
        _link, found = _locked(token)
        if found.confirmed_at is None:
            raise NotSubscribed
        found.chosen = choices.as_json()


def end(token: str) -> None:
    """No letter any more, and the address is forgotten; a second time changes nothing. Raises UnknownLink."""
    with write_unit():
        try:
            _link, found = _locked(token)
        except NotSubscribed:
            return
        storage.end(found)


def _locked(token: str) -> tuple[SubscriptionLink, Subscription]:
    link = storage.link(hash_of(token))
    if link is None:
        raise UnknownLink
    found = storage.locked(link.subscription_id)
    if found is None:
        raise NotSubscribed
    return link, found


def each_night(now: datetime) -> None:
    """Forget addresses that nobody confirmed, and links of letters more than a year old; inside a write unit."""
    storage.forget_unconfirmed(now - CONFIRM_WITHIN)
    storage.forget_links(now - LINKS_KEPT)
