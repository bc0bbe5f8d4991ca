"""What a house says of itself and of its rooms in its own words."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from zalenzoeker.storage.db import Base, Key
from zalenzoeker.storage.enums import enum_column


class TextName(StrEnum):
    """What a text is about; ``in_…``: a paragraph of the house in a letter to an asker."""

    ABOUT = "about"
    PRACTICAL = "practical"
    IN_APPROVAL = "in_approval"
    IN_REMINDER = "in_reminder"


class HouseText(Base):
    """A text of a house, or of one of its rooms: plain words, an empty line between paragraphs."""

    __tablename__ = "house_text"
    __table_args__ = (UniqueConstraint("venue_id", "room_id", "name"),)

    id: Mapped[Key]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    name: Mapped[TextName] = enum_column(TextName)
    words: Mapped[str] = mapped_column(Text)
    is_demo: Mapped[bool] = mapped_column(default=False)
