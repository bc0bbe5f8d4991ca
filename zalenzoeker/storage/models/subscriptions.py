"""Who gets the weekly letter, what they chose, and the links in their letters."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from zalenzoeker.domain.weekly_letter import Choices
from zalenzoeker.storage.db import Base, Facts, Key, Moment


class Subscription(Base):
    """An address that gets the weekly letter, or that somebody typed in and nobody confirmed yet.

    ``email`` is kept casefolded. ``chosen``: as in ``domain.weekly_letter.Choices``. ``last_issue``: the Thursday of
    the last letter that was written to it, or left out because nothing was on.
    """

    __tablename__ = "subscription"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(320), unique=True)
    chosen: Mapped[Facts]
    asked_at: Mapped[Moment] = mapped_column(index=True)
    confirmed_at: Mapped[Moment | None]
    last_issue: Mapped[date | None] = mapped_column(index=True)

    @property
    def choices(self) -> Choices:
        return Choices.from_json(self.chosen)


class SubscriptionLink(Base):
    """The link in one letter, kept as a hash. ``wanted``: the choices it confirms, until it has.

    ``subscription_id`` is empty once that ended: then it says so, and no longer whose it was.
    """

    __tablename__ = "subscription_link"

    id: Mapped[Key]
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscription.id", ondelete="SET NULL"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    wanted: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[Moment] = mapped_column(index=True)
