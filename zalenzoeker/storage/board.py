"""What stands in many rooms at once, with its name and whose it is: for the desks that plan them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, or_, select

from zalenzoeker.domain.availability import LONGEST_TAKEN, TakenBy
from zalenzoeker.domain.board import Block
from zalenzoeker.domain.permissions import Parties
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Closure, Occupancy, Occurrence, OwnProgramme, Request, RoomSpace

# Nobody knows yet who that is: the desk hears of it when the address is proved, or the offer is taken.
NAMELESS = frozenset({Status.UNPROVED, Status.OFFERED})


def blocks(room_ids: Collection[int], first_epoch: int, last_epoch: int, now_epoch: int) -> dict[int, list[Block]]:
    """What stands in these rooms between two moments (epoch seconds), each once, by the id of the room, in order.

    Two queries, however many rooms. A hold that lapsed does not stand there any more; what takes nothing does as well.
    """
    query = (
        select(
            RoomSpace.room_id,
            Occupancy.from_epoch,
            Occupancy.to_epoch,
            Occupancy.by,
            OwnProgramme.title.label("line"),
            OwnProgramme.code.label("line_code"),
            OwnProgramme.is_shielded.label("line_is_shielded"),
            Closure.reason,
            Closure.id.label("closure_id"),
            Occupancy.diary_id,
            Request.status,
            Request.activity,
            Request.code,
            Request.association_name,
            Request.contact_name,
            Request.contact_email,
            Request.account_id,
            Request.association_id,
            Request.desk_id,
            Request.is_shielded,
            Occurrence.uid,
            Occurrence.setup_minutes,
            Occurrence.cleanup_minutes,
            Occurrence.from_epoch.label("starts"),
            Occurrence.to_epoch.label("ends"),
        )
        .distinct()
        .join(Occupancy, Occupancy.space_id == RoomSpace.space_id)
        .outerjoin(OwnProgramme, Occupancy.programme_id == OwnProgramme.id)
        .outerjoin(Closure, Occupancy.closure_id == Closure.id)
        .outerjoin(Occurrence, Occupancy.occurrence_id == Occurrence.id)
        .outerjoin(Request, Occurrence.request_id == Request.id)
        .where(
            RoomSpace.room_id.in_(room_ids),
            or_(Occupancy.held_until.is_(None), Occupancy.held_until > now_epoch),
            Occupancy.from_epoch < last_epoch,
            Occupancy.from_epoch > first_epoch - LONGEST_TAKEN,
            Occupancy.to_epoch > first_epoch,
        )
        .order_by(Occupancy.from_epoch)
    )
    found: dict[int, list[Block]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.room_id, []).append(_block(row))
    for row in db.session.execute(_inside(room_ids, first_epoch, last_epoch)):
        found.setdefault(row.room_id, []).append(_beside(row))
    return found


def _inside(room_ids: Collection[int], first_epoch: int, last_epoch: int) -> Select[Any]:
    """The activities during the open hours that are held, or wait for an answer."""
    return (
        select(
            Occurrence.room_id,
            Occurrence.uid,
            Occurrence.status,
            Occurrence.from_epoch,
            Occurrence.to_epoch,
            Request.activity,
            Request.is_shielded,
            Request.code,
            Request.association_name,
            Request.contact_name,
            Request.contact_email,
            Request.account_id,
            Request.association_id,
            Request.desk_id,
        )
        .join(Request, Request.id == Occurrence.request_id)
        .where(Occurrence.room_id.in_(room_ids), ~Request.takes_space)
        .where(Occurrence.status.in_((Status.REQUESTED, Status.APPROVED)))
        .where(Occurrence.from_epoch < last_epoch, Occurrence.to_epoch > first_epoch)
        .order_by(Occurrence.from_epoch, Occurrence.id)
    )


def _beside(row: Any) -> Block:
    return Block(
        row.room_id,
        row.from_epoch,
        row.to_epoch,
        TakenBy.BOOKING if row.status is Status.APPROVED else TakenBy.REQUEST,
        title=row.activity,
        asker=row.association_name or row.contact_name,
        code=row.code,
        uid=row.uid,
        parties=_parties(row),
        is_inside=True,
        is_shielded=row.is_shielded,
    )


def _parties(row: Any) -> Parties:
    return Parties(row.account_id, row.contact_email, row.association_id, row.desk_id)


def _block(row: Any) -> Block:
    place = {"room_id": row.room_id, "from_epoch": row.from_epoch, "to_epoch": row.to_epoch, "by": row.by}
    if row.by is TakenBy.OWN_PROGRAMME:
        return Block(**place, title=row.line, code=row.line_code, is_shielded=bool(row.line_is_shielded))
    if row.by is TakenBy.DIARY:
        return Block(**place, code=str(row.diary_id))
    if row.by is TakenBy.CLOSURE:
        return Block(**place, title=row.reason, code=str(row.closure_id))
    if row.status is None or row.status in NAMELESS:
        return Block(**place)
    # Of a date that moves only what its old moment does not have is taken, without set-up on that side.
    setup = row.setup_minutes if row.from_epoch == row.starts - 60 * row.setup_minutes else 0
    cleanup = row.cleanup_minutes if row.to_epoch == row.ends + 60 * row.cleanup_minutes else 0
    return Block(
        **place,
        title=row.activity,
        asker=row.association_name or row.contact_name,
        code=row.code,
        uid=row.uid,
        setup_minutes=setup,
        cleanup_minutes=cleanup,
        parties=_parties(row),
        is_shielded=row.is_shielded,
    )
