"""What the members of a desk voted about requests, and who of them can."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from zalenzoeker.domain.advice import Tally, Voting, tally
from zalenzoeker.domain.permissions import Actor, is_own
from zalenzoeker.domain.requests import WAITS_FOR_THE_DESK, Action
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Account, DeskMember, Membership, Request, Vote


@dataclass(frozen=True)
class Votes:
    """How the votes about a request stand. ``counted``: those that count, the earliest first; ``older``: those that
    were cast before the request changed, or by who cannot vote any more. ``missing``: who can vote and has not.
    """

    voting: Voting
    tally: Tally
    counted: tuple[Vote, ...]
    older: tuple[Vote, ...]
    missing: tuple[Account, ...]

    def of(self, account_id: int | None) -> Vote | None:
        """The vote of this person that counts."""
        return next((one for one in self.counted if one.account_id == account_id), None)

    def is_missing(self, account_id: int | None) -> bool:
        """Can this person vote, and have they not yet?"""
        return any(one.id == account_id for one in self.missing)


def about(request: Request) -> Votes | None:
    """None for a request about which nobody votes (any more)."""
    return about_all([request]).get(request.id)


def about_all(requests: Collection[Request]) -> dict[int, Votes]:
    """The same for each of these about which is voted, by its id, asked at once."""
    voted = [one for one in requests if one.voting and one.status in WAITS_FOR_THE_DESK]
    if not voted:
        return {}
    members = _members({one.desk_id for one in voted if one.desk_id})
    groups = _groups({one.association_id for one in voted if one.association_id})
    votes: dict[int, list[Vote]] = {}
    query = select(Vote).where(Vote.request_id.in_([one.id for one in voted])).options(joinedload(Vote.account))
    for vote in db.session.scalars(query.order_by(Vote.at, Vote.id)):
        votes.setdefault(vote.request_id, []).append(vote)
    return {one.id: _votes(one, members.get(one.desk_id or 0, []), groups, votes.get(one.id, [])) for one in voted}


def can_anybody_vote(request: Request) -> bool:
    """Does its desk have a member whose own request it is not? Also for a request that is not written yet."""
    with db.session.no_autoflush:
        members = _members({request.desk_id or 0}).get(request.desk_id or 0, [])
        groups = _groups({request.association_id} if request.association_id else set())
    return any(
        not is_own(Actor(one.id, one.email, one.name, groups.get(one.id, frozenset())), request.parties)
        for one in members
    )


def has_voted_for(request: Request, account_id: int | None) -> bool:
    """Did this person vote for what the votes about a request decided, which is not told yet?"""
    votes = about(request)
    cast = votes.of(account_id) if votes else None
    if cast is None or request.decision is None or request.decision.votes is None:
        return False
    return cast.is_yes is (Action.APPROVE in request.decision.answers.values())


def _votes(
    request: Request, members: Sequence[Account], groups: Mapping[int, frozenset[int]], votes: Sequence[Vote]
) -> Votes:
    voting = request.way_of_voting
    assert voting is not None, "only requests about which is voted are asked"
    may = [
        one
        for one in members
        if not is_own(Actor(one.id, one.email, one.name, groups.get(one.id, frozenset())), request.parties)
    ]
    voting = voting.about(is_exception=bool(request.exceptions), is_of_a_member=len(may) < len(members))
    may_ids, here = {one.id for one in may}, [one for one in votes if one.desk_id == request.desk_id]
    counted = [one for one in here if one.version >= request.votes_from and one.account_id in may_ids]
    said = {one.account_id for one in counted}
    return Votes(
        voting,
        tally([one.is_yes for one in counted], may_vote=len(may), needed=voting.needed),
        tuple(counted),
        tuple(one for one in here if one not in counted),
        tuple(one for one in may if one.id not in said),
    )


def _members(desk_ids: Collection[int]) -> dict[int, list[Account]]:
    """The members of each of these desks, by name."""
    query = select(DeskMember.desk_id, Account).join(Account, Account.id == DeskMember.account_id)
    query = query.where(DeskMember.desk_id.in_(desk_ids)).order_by(Account.name, Account.email)
    found: dict[int, list[Account]] = {}
    for desk_id, account in db.session.execute(query):
        found.setdefault(desk_id, []).append(account)
    return found


def _groups(association_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """To which of these groups people belong, by their account."""
    query = select(Membership.account_id, Membership.association_id)
    found: dict[int, frozenset[int]] = {}
    for account_id, association_id in db.session.execute(query.where(Membership.association_id.in_(association_ids))):
        found[account_id] = found.get(account_id, frozenset()) | {association_id}
    return found


def codes_at(desk_id: int) -> list[str]:
    """Codes of the requests about which a desk votes, the oldest first."""
    query = select(Request.code).where(Request.desk_id == desk_id, Request.status.in_(WAITS_FOR_THE_DESK))
    return list(db.session.scalars(query.where(Request.voting.is_not(None)).order_by(Request.id)))


def of_member(request_id: int, desk_id: int | None, account_id: int | None) -> Vote | None:
    """What this person voted at this desk, whether it still counts or not."""
    query = select(Vote).where(Vote.request_id == request_id, Vote.desk_id == desk_id, Vote.account_id == account_id)
    return db.session.scalar(query)


def at_desk(request_id: int, desk_id: int) -> Sequence[Vote]:
    """Every vote at a desk about a request, the earliest first."""
    query = select(Vote).where(Vote.request_id == request_id, Vote.desk_id == desk_id)
    return db.session.scalars(query.options(joinedload(Vote.account)).order_by(Vote.at, Vote.id)).all()


def elsewhere(request_id: int, account_id: int | None, desk_id: int | None) -> Vote | None:
    """What this person voted last at another desk than the one that has the request now."""
    query = select(Vote).where(Vote.request_id == request_id, Vote.account_id == account_id, Vote.desk_id != desk_id)
    return db.session.scalar(query.order_by(Vote.at.desc(), Vote.id.desc()).limit(1))
