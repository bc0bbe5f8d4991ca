"""How a domain enum is kept in a column."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum
from sqlalchemy.orm import MappedColumn, mapped_column


def enum_column(kind: type[StrEnum], **options: Any) -> MappedColumn[Any]:
    """A column that keeps the values of an enum as text, refused by the database when it is none of them."""
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).lstrip("_")
    values = Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        length=40,
        create_constraint=True,
        name=name,
    )
    return mapped_column(values, **options)
