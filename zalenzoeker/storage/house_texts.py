"""What houses say in their own words, and the facts that they tell of themselves and of their rooms."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import HouseFact, HouseText
from zalenzoeker.storage.models.house_texts import TextName


def texts(venue_id: int, room_id: int | None = None) -> dict[TextName, HouseText]:
    """The texts of a house, or of one of its rooms."""
    same = HouseText.room_id.is_(None) if room_id is None else HouseText.room_id == room_id
    query = select(HouseText).where(HouseText.venue_id == venue_id, same).order_by(HouseText.id)
    return {row.name: row for row in db.session.scalars(query)}


def words(venue_id: int, room_id: int | None = None) -> dict[TextName, str]:
    """The same, without what stands around them."""
    return {name: row.words for name, row in texts(venue_id, room_id).items()}


def set_words(venue_id: int, room_id: int | None, wanted: Mapping[TextName, str], *, is_demo: bool) -> None:
    """These are the texts; an empty one is taken away, and one that stays keeps its mark."""
    there = texts(venue_id, room_id)
    for name, text in wanted.items():
        row = there.get(name)
        if row is not None and not text:
            db.session.delete(row)
        elif row is not None and row.words != text:
            row.words, row.is_demo = text, is_demo
        elif row is None and text:
            db.session.add(HouseText(venue_id=venue_id, room_id=room_id, name=name, words=text, is_demo=is_demo))


def facts(venue_id: int, room_id: int | None) -> list[HouseFact]:
    """What a house tells of itself, or of one of its rooms, besides the register."""
    same = HouseFact.room_id.is_(None) if room_id is None else HouseFact.room_id == room_id
    return list(
        db.session.scalars(select(HouseFact).where(HouseFact.venue_id == venue_id, same).order_by(HouseFact.id))
    )


def set_facts(
    venue_id: int, room_id: int | None, names: Collection[str], wanted: Collection[tuple[str, str]], *, is_demo: bool
) -> None:
    """Of the facts with these names, these are told and no others: (name, value). What stays keeps its mark."""
    left = set(wanted)
    for fact in facts(venue_id, room_id):
        if fact.name not in names:
            continue
        if (fact.name, fact.value) in left:
            left.remove((fact.name, fact.value))
        else:
            db.session.delete(fact)
    db.session.add_all(
        HouseFact(venue_id=venue_id, room_id=room_id, name=name, value=value, is_demo=is_demo)
        for name, value in sorted(left)
    )
