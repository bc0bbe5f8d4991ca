"""Mail that came in: which letter it answers, and that each is dealt with once."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from zalenzoeker.domain.incoming import Outcome
from zalenzoeker.storage.db import db, insert_into
from zalenzoeker.storage.models import IncomingLetter, Letter


def claim(key: str, now: datetime) -> bool:
    """Whether nobody dealt with this mail; it is ours until the write unit ends. Who claims it too waits for that."""
    row = {"key": key, "outcome": Outcome.LEFT, "at": now}
    claimed = insert_into(IncomingLetter).values(row).on_conflict_do_nothing(index_elements=["key"])
    return db.session.scalar(claimed.returning(IncomingLetter.__table__.c.id)) is not None


def settle(key: str, outcome: Outcome, request_id: int | None) -> None:
    """What became of a mail that was claimed."""
    values = {"outcome": outcome, "request_id": request_id}
    query = update(IncomingLetter).where(IncomingLetter.key == key).values(**values)
    db.session.execute(query, execution_options={"synchronize_session": False})


def answered(tokens: Collection[str], codes: Collection[str]) -> Letter | None:
    """The letter that a mail answers, with its request: by the address it went to, else by its Message-ID."""
    query = select(Letter).options(joinedload(Letter.request))
    by_token = query.where(Letter.reply_token.in_([one for one in tokens if one])).order_by(Letter.id)
    if tokens and (found := db.session.scalars(by_token).first()):
        return found
    found_by_code = {one.code: one for one in db.session.scalars(query.where(Letter.code.in_(codes)))}
    return next((found_by_code[code] for code in codes if code in found_by_code), None)


def bounced(letter: Letter, why: str, now: datetime) -> None:
    letter.bounced_at, letter.last_error = now, why


def forget_before(moment: datetime) -> None:
    """Mails so old that no server brings them a second time."""
    db.session.execute(delete(IncomingLetter).where(IncomingLetter.at < moment))
