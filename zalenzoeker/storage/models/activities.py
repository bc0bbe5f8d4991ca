"""What residents see of a booking or of a line of own programme."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from zalenzoeker.domain.activities import Theme
from zalenzoeker.storage.db import Base, Key, Moment, Name
from zalenzoeker.storage.enums import enum_column


class Activity(Base):
    """The words of an activity; when and where it is, and whether it is public, is said by what it leans on alone.

    ``code``: in its address, for everybody to see. It leans on a request or on a line of own programme. The other
    columns as in ``domain.activities.Published``. ``changed_at``: when its words were changed last.
    """

    __tablename__ = "activity"
    __table_args__ = (CheckConstraint("(request_id IS NULL) <> (programme_id IS NULL)", name="leans_on_one"),)

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), unique=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("own_programme.id", ondelete="CASCADE"), unique=True)
    title: Mapped[Name]
    text: Mapped[str] = mapped_column(Text, default="")
    theme: Mapped[Theme | None] = enum_column(Theme, index=True)
    audience: Mapped[Name] = mapped_column(default="")
    price: Mapped[Name] = mapped_column(default="")
    sign_up: Mapped[bool | None]
    is_accessible: Mapped[bool | None]
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    picture: Mapped[str] = mapped_column(String(60), default="")
    picture_words: Mapped[Name] = mapped_column(default="")
    changed_at: Mapped[Moment]
    is_demo: Mapped[bool] = mapped_column(default=False)
