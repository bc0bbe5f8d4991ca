"""Who may do what: predicates over an Actor, two lines each."""

from collections.abc import Collection
from dataclasses import dataclass


class NotAllowed(Exception):
    """This person may not do this, by any path."""


class OwnRequest(NotAllowed):
    """Nobody decides on their own request."""


@dataclass(frozen=True)
class Actor:
    """Who is acting. Somebody who has not signed in has no account."""

    account_id: int | None = None
    email: str = ""
    name: str = ""
    association_ids: frozenset[int] = frozenset()
    desk_ids: frozenset[int] = frozenset()
    is_city: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def is_desk_member(self) -> bool:
        return bool(self.desk_ids)


ANYONE = Actor()


@dataclass(frozen=True)
class Parties:
    """Whose a request is: the asker, the association asked for, who typed it in, and the desk that decides.

    ``deputy_desk_id``: the desk that decides as well, once the clock has asked it to.
    """

    account_id: int | None
    email: str
    association_id: int | None
    desk_id: int | None
    entered_by_id: int | None = None
    deputy_desk_id: int | None = None
    entered_desk_id: int | None = None


def is_asker(actor: Actor, parties: Parties) -> bool:
    """Same account, same e-mail address, or member of the asking group. Who has no address shares it with nobody."""
    return actor.is_signed_in and (
        actor.account_id == parties.account_id
        or (bool(parties.email) and actor.email.casefold() == parties.email.casefold())
        or (parties.association_id is not None and parties.association_id in actor.association_ids)
    )


def is_own(actor: Actor, parties: Parties) -> bool:
    """What nobody decides on: asked by themselves or their group, or typed in by them for somebody else."""
    return is_asker(actor, parties) or (actor.is_signed_in and actor.account_id == parties.entered_by_id)


def may_speak_for(actor: Actor, parties: Parties) -> bool:
    """Write down what the asker says at the desk or on the phone: who typed the request in, as long as they belong to
    a desk that has to do with it; for an asker without an e-mail address, every member of such a desk.
    """
    is_typed = actor.is_signed_in and actor.account_id == parties.entered_by_id
    return may_print(actor, parties) and (is_typed or not parties.email)


def may_print(actor: Actor, parties: Parties) -> bool:
    """Print the letters of an asker without an e-mail address: the desk that decides, or the one that typed it in."""
    desks = {parties.desk_id, parties.entered_desk_id} - {None}
    return actor.is_city or not actor.desk_ids.isdisjoint(desks)


def is_at_desk(actor: Actor, parties: Parties) -> bool:
    """Member of the desk that decides or of its deputy, or of the city desk, which can step in anywhere."""
    return actor.is_city or not actor.desk_ids.isdisjoint({parties.desk_id, parties.deputy_desk_id} - {None})


def may_see_parties(actor: Actor, parties: Parties) -> bool:
    return is_asker(actor, parties) or is_at_desk(actor, parties) or may_speak_for(actor, parties)


def may_withdraw(actor: Actor, parties: Parties) -> bool:
    """Do what an asker does: withdraw, let go, move, answer."""
    return is_asker(actor, parties) or may_speak_for(actor, parties)


def may_shield(actor: Actor, parties: Parties) -> bool:
    """Take the name of an activity away from everybody else: who asked, and who has to do with it at the desk."""
    return may_withdraw(actor, parties) or is_at_desk(actor, parties)


def may_decide(actor: Actor, parties: Parties) -> bool:
    return is_at_desk(actor, parties) and not is_own(actor, parties)


def check_may_decide(actor: Actor, parties: Parties) -> None:
    """Raise NotAllowed, or OwnRequest for somebody of the right desk who asked it themselves."""
    if not is_at_desk(actor, parties):
        raise NotAllowed
    if is_own(actor, parties):
        raise OwnRequest


def may_keep_house(actor: Actor, desk_ids: Collection[int]) -> bool:
    """Keep the programme, closing days and rules of a house: who decides for it, and the city desk."""
    return actor.is_city or not actor.desk_ids.isdisjoint(desk_ids)


def may_enter_for(actor: Actor, keeper_ids: Collection[int], *, is_reception: bool) -> bool:
    """Ask for somebody else: who keeps the house (``keeper_ids``), a reception of the city, and the city desk."""
    return actor.is_desk_member and (is_reception or may_keep_house(actor, keeper_ids))


def may_trust(actor: Actor, desk_id: int, association_id: int) -> bool:
    """Whoever decides for a house says which groups it trusts; nobody says so of their own."""
    return (actor.is_city or desk_id in actor.desk_ids) and association_id not in actor.association_ids


def may_run_desk(actor: Actor, desk_id: int) -> bool:
    """Say who belongs to a desk, when it is away and who steps in, and hand it over: its members, and the city desk."""
    return actor.is_city or desk_id in actor.desk_ids
