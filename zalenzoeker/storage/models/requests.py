"""Requests, their dates, and what happened to them."""

from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from zalenzoeker.domain.advice import Voting
from zalenzoeker.domain.behalf import CameBy
from zalenzoeker.domain.deadlines import ClockStep
from zalenzoeker.domain.permissions import Parties
from zalenzoeker.domain.requests import Action, ActivityKind, Policy, RequesterKind, Status
from zalenzoeker.domain.slots import BRUSSELS, Slot
from zalenzoeker.storage.db import Base, Code, EpochSeconds, Facts, Key, Moment, Name, WallTime
from zalenzoeker.storage.enums import enum_column
from zalenzoeker.storage.models.accounts import Account
from zalenzoeker.storage.models.associations import Association
from zalenzoeker.storage.models.desks import Desk
from zalenzoeker.storage.models.rooms import Room


class Request(Base):
    """A request for a room: who asks, what for, which desk decides, where it stands.

    ``code`` is the unguessable address; ``reference`` is only a label. ``version`` grows with every change, so that a
    decision on an old page is refused. ``form_key`` and ``form_hash`` recognise a second post of the same form.
    ``exceptions``: codes of the obstacles for which the asker asked an exception, with ``exception_reason``.
    ``status`` follows from the states of its dates. ``policy``: what it does while it waits. ``pattern``: the rule its
    dates were written out from, kept only to explain them. ``hold_until``: when the room is freed although nobody
    answered. ``answer_token_hash``: of the token in the letter by which somebody on the waiting list answers.
    ``renews_id``: the weekly use that this one continues. ``handler_id``: who of the desk looks after it.
    ``clock_since``: since when this desk has it; ``clock_step``: the last step of the clock since then, after which
    ``deputy_desk_id`` may decide as well; ``next_step_at``: when to look whether the next one is due.
    ``voting``: how its desk votes about it, as it was when it came there; votes on a version before ``votes_from`` no
    longer count; ``vote_until``: when the time to vote ends, None where nobody votes or that is over.
    ``came_by``: how it reached the desk that typed it in (``entered_by_id``, ``entered_desk_id``) for somebody, who may
    have no e-mail address; None for what people ask themselves. ``is_shielded``: nobody but its asker and its desk
    reads what it is; it is never public. ``takes_space``: False for an activity inside the open hours of a house.
    """

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("form_key", "form_hash"),
        CheckConstraint("people > 0", name="people_are_some"),
        CheckConstraint("NOT (is_shielded AND is_public)", name="shielded_is_not_public"),
        Index("ix_request_desk_id_status_answer_by", "desk_id", "status", "answer_by"),
        # Whoever asks is asked how much they have open already, however much they have asked in all those years.
        Index("ix_request_account_id_status", "account_id", "status"),
        Index("ix_request_association_id_status", "association_id", "status"),
        Index("ix_request_status_next_step_at", "status", "next_step_at"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    status: Mapped[Status] = enum_column(Status, index=True)
    version: Mapped[int] = mapped_column(default=1)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    association_id: Mapped[int | None] = mapped_column(ForeignKey("association.id", ondelete="SET NULL"))
    requester_kind: Mapped[RequesterKind] = enum_column(RequesterKind)
    association_name: Mapped[Name] = mapped_column(default="")
    enterprise_number: Mapped[str] = mapped_column(String(12), default="")
    contact_name: Mapped[Name]
    contact_email: Mapped[str] = mapped_column(String(320), index=True)
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    activity: Mapped[Name]
    people: Mapped[int]
    is_public: Mapped[bool]
    is_shielded: Mapped[bool] = mapped_column(default=False)
    facilities: Mapped[list[str]] = mapped_column(JSON, default=list)
    remarks: Mapped[str] = mapped_column(Text, default="")
    exceptions: Mapped[list[str]] = mapped_column(JSON, default=list)
    exception_reason: Mapped[str] = mapped_column(Text, default="")
    activity_kind: Mapped[ActivityKind | None] = enum_column(ActivityKind)
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id", ondelete="SET NULL"))
    policy: Mapped[Policy] = enum_column(Policy, default=Policy.HOLD)
    pattern: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    hold_until: Mapped[Moment | None]
    offer_until: Mapped[Moment | None]
    answer_token_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="SET NULL"), index=True)
    renewal_told_at: Mapped[Moment | None]
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desk.id"))
    route_reason: Mapped[str] = mapped_column(Text, default="")
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    deputy_desk_id: Mapped[int | None] = mapped_column(ForeignKey("desk.id", ondelete="SET NULL"), index=True)
    clock_since: Mapped[Moment | None]
    clock_step: Mapped[ClockStep | None] = enum_column(ClockStep)
    next_step_at: Mapped[Moment | None]
    voting: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    votes_from: Mapped[int] = mapped_column(default=1)
    vote_until: Mapped[Moment | None] = mapped_column(index=True)
    came_by: Mapped[CameBy | None] = enum_column(CameBy)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    entered_desk_id: Mapped[int | None] = mapped_column(ForeignKey("desk.id", ondelete="SET NULL"), index=True)
    postal_address: Mapped[str] = mapped_column(Text, default="")
    decision_note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[Moment]
    asked_at: Mapped[Moment | None]
    answer_by: Mapped[Moment | None]
    changed_at: Mapped[Moment]
    form_key: Mapped[str] = mapped_column(String(64))
    form_hash: Mapped[str] = mapped_column(String(64))
    browser_hash: Mapped[str] = mapped_column(String(64), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[account_id])
    association: Mapped[Association | None] = relationship(lazy="raise")
    desk: Mapped[Desk | None] = relationship(lazy="raise", foreign_keys=[desk_id])
    entered_by: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[entered_by_id])
    entered_desk: Mapped[Desk | None] = relationship(lazy="raise", foreign_keys=[entered_desk_id])
    handler: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[handler_id])
    decision: Mapped["Decision | None"] = relationship(lazy="raise", cascade="all, delete-orphan", single_parent=True)
    proposal: Mapped["Proposal | None"] = relationship(lazy="raise", cascade="all, delete-orphan", single_parent=True)
    occurrences: Mapped[list["Occurrence"]] = relationship(
        lazy="raise", back_populates="request", order_by="Occurrence.from_epoch", cascade="all"
    )
    events: Mapped[list["Event"]] = relationship(lazy="raise", order_by="Event.id", cascade="all")

    @hybrid_property
    def takes_space(self) -> bool:
        return self.policy != Policy.INSIDE

    @property
    def parties(self) -> Parties:
        return Parties(
            self.account_id,
            self.contact_email,
            self.association_id,
            self.desk_id,
            entered_by_id=self.entered_by_id,
            entered_desk_id=self.entered_desk_id,
            deputy_desk_id=self.deputy_desk_id,
        )

    @property
    def way_of_voting(self) -> Voting | None:
        """How its desk votes about it; None where each member can decide."""
        return Voting.from_json(self.voting) if self.voting else None

    @property
    def asker(self) -> str:
        """The association, or the person who asks for themselves. Never for a public page."""
        return self.association_name or self.contact_name

    @property
    def first(self) -> "Occurrence":
        """The first date that was not left out; the query must have loaded ``occurrences``."""
        return next(iter(self.dates), self.occurrences[0])

    @property
    def dates(self) -> list["Occurrence"]:
        """The dates that were not left out, without the new moments that wait for a desk's yes."""
        return [date for date in self.occurrences if date.status is not Status.SKIPPED and date.replaces_id is None]

    @property
    def is_series(self) -> bool:
        return len(self.occurrences) > 1


class Occurrence(Base):
    """One date of a request: which room, when. The wall time is the truth, the epoch seconds are derived from it.

    ``uid`` is this date's identity in calendars, fixed for life; ``sequence`` grows when it moves or falls away.
    ``setup_minutes`` and ``cleanup_minutes``: how much longer the room is taken before and after. ``replaces_id``: this
    is the new moment of a confirmed date, which waits for a desk's yes while the date itself stays; or what the desk
    proposes instead of a date, left out until its letter leaves.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        Index("ix_occurrence_room_id_from_epoch", "room_id", "from_epoch"),
        CheckConstraint("from_epoch < to_epoch", name="in_order"),
        Index("ix_occurrence_status_from_epoch", "status", "from_epoch"),
    )

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    status: Mapped[Status] = enum_column(Status, default=Status.UNPROVED)
    uid: Mapped[Code]
    sequence: Mapped[int] = mapped_column(SmallInteger, default=0)
    starts: Mapped[WallTime]
    ends: Mapped[WallTime]
    zone: Mapped[str] = mapped_column(String(40), default=BRUSSELS)
    from_epoch: Mapped[EpochSeconds]
    to_epoch: Mapped[EpochSeconds]
    setup_minutes: Mapped[int] = mapped_column(SmallInteger, default=0)
    cleanup_minutes: Mapped[int] = mapped_column(SmallInteger, default=0)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), index=True)
    was_confirmed: Mapped[bool] = mapped_column(Boolean, default=False)
    changed_at: Mapped[Moment]

    slot: Mapped[Slot] = composite(Slot, "starts", "ends", "zone")

    @property
    def taken_from(self) -> int:
        """From when the room is taken for it, set-up included, in epoch seconds."""
        return self.from_epoch - 60 * self.setup_minutes

    @property
    def taken_to(self) -> int:
        """Until when the room is taken for it, clean-up included, in epoch seconds."""
        return self.to_epoch + 60 * self.cleanup_minutes

    # Its request is there with it wherever rooms are taken; only looking it up anew would be a question too many.
    request: Mapped[Request] = relationship(lazy="raise_on_sql", back_populates="occurrences")
    # A new date knows its room as it was read before; it must not drag it into the session that writes.
    room: Mapped[Room] = relationship(lazy="raise", cascade="merge")


class Decision(Base):
    """What a desk decided and can still undo: until ``due_at`` nothing else has changed, and nobody was told.

    ``answers``: the action for each date, by its uid. ``reason``: from the list, for a no; ``note``: own words.
    ``votes``: how the votes stood that made it, None where one person decided.
    """

    __tablename__ = "decision"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[Moment]
    due_at: Mapped[Moment] = mapped_column(index=True)
    answers: Mapped[Facts]
    note: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    votes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    account: Mapped[Account | None] = relationship(lazy="raise")


class Proposal(Base):
    """What a desk offered last instead of dates of a request; the dates themselves stand beside those they are for.

    ``until``: they are kept so long. ``desk_id``: the other desk that still decides after a yes; None: a yes is enough.
    ``overruled``: codes of the rules that were set aside. ``token_hash``: of the token in the letter to the asker.
    """

    __tablename__ = "proposal"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desk.id", ondelete="SET NULL"))
    at: Mapped[Moment]
    until: Mapped[Moment] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    overruled: Mapped[list[str]] = mapped_column(JSON, default=list)
    token_hash: Mapped[str] = mapped_column(String(64), default="", index=True)

    desk: Mapped[Desk | None] = relationship(lazy="raise")


class Event(Base):
    """A line of a request's timeline, written when its state changes. ``note`` is what was said with it.

    ``is_internal``: for the desk alone.
    """

    __tablename__ = "event"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), index=True)
    at: Mapped[Moment]
    action: Mapped[Action] = enum_column(Action)
    status: Mapped[Status] = enum_column(Status)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desk.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_internal: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account | None] = relationship(lazy="raise")
    desk: Mapped[Desk | None] = relationship(lazy="raise")
