"""What a house adds to a letter, with the names filled in as the reader of the letter reads them."""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from zalenzoeker.domain.house_words import Name, filled
from zalenzoeker.domain.slots import Slot


def written(words: str, slot: Slot, facts: Mapping[str, Any]) -> str:
    """``slot``: the date it is about, the first one of several; ``facts``: of the letter."""
    said = current_app.jinja_env.filters
    values = {
        Name.CONTACT: facts["contact_name"],
        Name.ACTIVITY: facts["activity"],
        Name.ROOM: facts["room"],
        Name.HOUSE: facts["venue"],
        Name.DAY: said["day_long"](slot.day),
        Name.HOURS: said["hours"](slot),
        Name.PHONE: facts["phone"],
        Name.REFERENCE: facts["reference"],
    }
    return filled(words, values)
