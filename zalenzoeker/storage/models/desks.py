"""Desks, their members, and the table that says which desk decides."""

import secrets
from datetime import date, time
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.domain.advice import USUAL_DAYS, AdviceKind, Silence, Voting
from zalenzoeker.domain.deadlines import USUAL_TIMES
from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.routing import Line
from zalenzoeker.storage.db import Base, Code, Key, Moment, Name, Slug
from zalenzoeker.storage.enums import enum_column
from zalenzoeker.storage.models.accounts import Account

CITY_DESK = "stad"


class DeskKind(StrEnum):
    """What a desk is made of."""

    COMMUNITY_WORKERS = "buurtwerkers"
    VOLUNTEER_GROUP = "vrijwilligersgroep"
    RECEPTION = "onthaal"
    NON_PROFIT = "vzw"
    CITY = "stad"


class Desk(Base):
    """Who decides: a team of community workers, a volunteer group, a reception, or the city desk.

    ``reminder_days``, ``deputy_days``, ``city_days``: after how many days the steps of the clock come;
    ``counts_working_days``: of working days. ``deputy_desk_id``: who steps in. ``usual_days``: within how many days
    it answers as a rule, of the same days; empty while it answered too seldom. ``rota_from``: the Monday from which
    its rota goes round.
    ``advice``: whether its members vote; then ``votes_needed`` of them must say yes within ``advice_days`` days, and
    ``silence_means`` what it is when that time ends without an outcome.
    """

    __tablename__ = "desk"
    __table_args__ = (
        CheckConstraint("0 < reminder_days AND reminder_days < deputy_days", name="reminder_comes_first"),
        CheckConstraint("deputy_days < city_days AND city_days <= 60", name="city_comes_last"),
        CheckConstraint("deputy_desk_id <> id", name="deputy_is_another"),
    )

    id: Mapped[Key]
    slug: Mapped[Slug] = mapped_column(unique=True)
    name: Mapped[Name]
    kind: Mapped[DeskKind] = enum_column(DeskKind)
    email: Mapped[str] = mapped_column(String(320), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    reminder_days: Mapped[int] = mapped_column(SmallInteger, default=USUAL_TIMES.reminder_days)
    deputy_days: Mapped[int] = mapped_column(SmallInteger, default=USUAL_TIMES.deputy_days)
    city_days: Mapped[int] = mapped_column(SmallInteger, default=USUAL_TIMES.city_days)
    counts_working_days: Mapped[bool] = mapped_column(default=USUAL_TIMES.counts_working_days)
    deputy_desk_id: Mapped[int | None] = mapped_column(ForeignKey("desk.id", ondelete="SET NULL"), index=True)
    usual_days: Mapped[int | None] = mapped_column(SmallInteger)
    rota_from: Mapped[date | None]
    advice: Mapped[AdviceKind] = enum_column(AdviceKind, default=AdviceKind.NONE)
    votes_needed: Mapped[int] = mapped_column(SmallInteger, default=1)
    advice_days: Mapped[int] = mapped_column(SmallInteger, default=USUAL_DAYS)
    silence_means: Mapped[Silence] = enum_column(Silence, default=Silence.NOTHING)

    members: Mapped[list[Account]] = relationship(lazy="raise", secondary="desk_member", order_by=Account.email)

    @property
    def addresses(self) -> set[str]:
        """Everybody who has this desk now: its members, and its shared address."""
        return {*(member.email for member in self.members), self.email} - {""}

    @property
    def voting(self) -> Voting | None:
        """How its members vote about what comes in; None where each of them can decide."""
        if self.advice is AdviceKind.NONE:
            return None
        return Voting(self.advice, self.votes_needed, self.advice_days, self.silence_means)


class DeskMember(Base):
    """Who belongs to a desk."""

    __tablename__ = "desk_member"

    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    since: Mapped[Moment]


def _new_code() -> str:
    return secrets.token_urlsafe(16)


class RoutingLine(Base):
    """A line of the routing table; what is empty fits everything. Read in the order of ``position``, then of ``id``.

    ``on_holidays``: only on legal holidays, or never on one.
    """

    __tablename__ = "routing_line"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(default=_new_code)
    position: Mapped[int] = mapped_column(index=True)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    from_time: Mapped[time | None]
    to_time: Mapped[time | None]
    requester_kind: Mapped[RequesterKind | None] = enum_column(RequesterKind)
    activity_kind: Mapped[ActivityKind | None] = enum_column(ActivityKind)
    on_holidays: Mapped[bool | None]
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(Text)
    is_demo: Mapped[bool] = mapped_column(default=False)

    desk: Mapped[Desk] = relationship(lazy="raise")

    @property
    def line(self) -> Line:
        return Line(
            desk_id=self.desk_id,
            reason=self.reason,
            venue_id=self.venue_id,
            room_id=self.room_id,
            weekdays=frozenset(self.weekdays),
            from_time=self.from_time,
            to_time=self.to_time,
            requester_kind=self.requester_kind,
            activity_kind=self.activity_kind,
            on_holidays=self.on_holidays,
            id=self.id,
        )
