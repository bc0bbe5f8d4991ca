"""The form to ask for a room on paper: the fields of the page in their order, each with what one writes with a pen."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from zalenzoeker.web.request_form import RequestForm


class Pen(StrEnum):
    """What stands on paper where the page has a field."""

    LINE = "line"
    SHORT = "short"
    LINES = "lines"
    TICKS = "ticks"
    DATES = "dates"


@dataclass(frozen=True)
class Blank:
    """One question on paper. ``choices``: what can be ticked; ``names``: the fields of the page that it stands for."""

    label: str
    pen: Pen
    names: tuple[str, ...]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A numbered part, as on the page."""

    heading: str
    blanks: tuple[Blank, ...]


def parts(form: RequestForm) -> list[Part]:
    """The parts of the form for this room; ``form``: with the choices of the room."""
    return [
        Part(_("When?"), (_moments(form),)),
        Part(_("What are you going to do?"), tuple(_what(form))),
        Part(_("Who asks?"), tuple(_who(form))),
        Part(_("Agreements"), (_ticks(form.agrees, [form.agrees.label.text]),)),
    ]


def _moments(form: RequestForm) -> Blank:
    names = tuple(one.name for one in (form.day, form.day_part, form.from_time, form.to_time))
    return Blank(_("Day and hours, with the time to set up and tidy"), Pen.DATES, names)


def _what(form: RequestForm) -> Iterator[Blank]:
    yield _line(form.activity)
    yield _ticks(form.activity_kind)
    yield _ticks(form.is_public)
    if form.room.offers_inside:
        yield Blank(_("Do you need a room?"), Pen.TICKS, (form.inside.name,), (str(form.inside.label.text),))
    yield _line(form.people, Pen.SHORT)
    if form.facilities.choices:
        yield _ticks(form.facilities)


def _who(form: RequestForm) -> Iterator[Blank]:
    yield _ticks(form.requester)
    yield _line(form.association_name)
    yield _line(form.enterprise_number, Pen.SHORT)
    yield _line(form.neighbourhood, Pen.SHORT)
    yield _line(form.contact_name, Pen.SHORT)
    yield _line(form.contact_phone, Pen.SHORT)
    yield _line(form.contact_email)
    yield Blank(_("Postal address (if you have no e-mail)"), Pen.LINE, ("postadres",))
    yield _line(form.remarks, Pen.LINES)


def _line(field: Field, pen: Pen = Pen.LINE) -> Blank:
    return Blank(str(field.label.text), pen, (field.name,))


def _ticks(field: Any, choices: list[Any] | None = None) -> Blank:
    """Boxes to tick; an empty choice of the page ("choose") is none on paper."""
    found = choices if choices is not None else [choice[1] for choice in field.iter_choices() if choice[0]]
    label = _("I agree") if choices is not None else str(field.label.text)
    return Blank(label, Pen.TICKS, (field.name,), tuple(str(one) for one in found))
