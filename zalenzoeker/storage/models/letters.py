"""Letters: mail that waits, was sent, or was given up."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.domain.incoming import Outcome
from zalenzoeker.domain.letters import LetterKind, Parcel
from zalenzoeker.storage.db import Base, Code, Facts, Key, Moment
from zalenzoeker.storage.enums import enum_column
from zalenzoeker.storage.models.accounts import Account
from zalenzoeker.storage.models.requests import Request


class LetterState(StrEnum):
    """Where a letter is. SENDING holds for the length of a lease; DEAD: given up, a person must look.

    TO_PRINT: the asker has no e-mail address, so that a desk prints it; PRINTED: it was handed over or posted.
    HELD: kept for the daily letter of its reader; BUNDLED: told in one, and never sent by itself.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    TO_PRINT = "to_print"
    PRINTED = "printed"
    HELD = "held"
    BUNDLED = "bundled"


class Letter(Base):
    """A letter with the facts as they were told. ``event_key`` and ``recipient`` make that nobody is told twice.

    ``reply_token``: in the address that an answer by mail goes to. ``bounced_at``: it left the house and came back.
    ``forgotten_at``: since when it is not kept what it said.
    ``desk_id``: the desk it is written to, empty for everybody else. ``again_at``, ``again_by_id``: when and by whom it
    was put on its way once more.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("event_key", "recipient"),
        Index("ix_letter_state_next_try_at", "state", "next_try_at"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    kind: Mapped[str] = mapped_column(String(60))
    event_key: Mapped[str] = mapped_column(String(120))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), index=True)
    recipient: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(10), default="nl")
    reply_to: Mapped[str] = mapped_column(String(320), default="")
    facts: Mapped[Facts]
    state: Mapped[LetterState] = enum_column(LetterState, default=LetterState.WAITING)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[Moment]
    next_try_at: Mapped[Moment]
    leased_until: Mapped[Moment | None]
    sent_at: Mapped[Moment | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    printed_at: Mapped[Moment | None]
    printed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    reply_token: Mapped[str] = mapped_column(String(24), default="", index=True)
    bounced_at: Mapped[Moment | None] = mapped_column(index=True)
    forgotten_at: Mapped[Moment | None]
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desk.id", ondelete="SET NULL"), index=True)
    again_at: Mapped[Moment | None]
    again_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    request: Mapped[Request | None] = relationship(lazy="raise")
    printed_by: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[printed_by_id])
    again_by: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[again_by_id])

    @property
    def parcel(self) -> Parcel:
        """The letter as it is sent."""
        return Parcel(
            code=self.code,
            kind=LetterKind(self.kind),
            recipient=self.recipient,
            reply_to=self.reply_to,
            language=self.language,
            facts=self.facts,
            thread=str(self.facts.get("thread", "")),
            # What is sent again is as young as that: it is tried for as long as any other.
            created_at=self.again_at or self.created_at,
            reply_token=self.reply_token,
        )


class IncomingLetter(Base):
    """A mail that was dealt with, so that it is never dealt with twice. Of what it said nothing is kept here.

    ``key``: a hash of its Message-ID.
    """

    __tablename__ = "incoming_letter"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    outcome: Mapped[Outcome] = enum_column(Outcome)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="SET NULL"), index=True)
    at: Mapped[Moment] = mapped_column(index=True)


class MailStop(Base):
    """The mail server refuses us: no letter leaves. One row while it lasts; all workers look at it.

    ``tries``: how often it was tried again in vain since.
    """

    __tablename__ = "mail_stop"

    id: Mapped[Key]
    since: Mapped[Moment]
    reason: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_try_at: Mapped[Moment]
