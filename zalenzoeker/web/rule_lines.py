"""The forms of rules that are lists: hours per day, activities for a time, what waiting does and who waits not."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectChoice, SelectField
from wtforms.validators import Optional

from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.rules import EVERY_DAY, DayPart, RuleName
from zalenzoeker.web.dates import WEEKDAYS
from zalenzoeker.web.fields import Choices, ClockField, DayField, needed
from zalenzoeker.web.rule_form import RuleForm, time_read, time_written
from zalenzoeker.web.rule_words import POLICY
from zalenzoeker.web.wording import ACTIVITY_KIND, DAY_PART, REQUESTERS

EMPTY_LINES = 3
AS_USUAL = ""


class LinesForm(RuleForm):
    """A form with lines of several fields: as many as are filled in, and some empty ones."""

    @classmethod
    def sized(cls, filled: int) -> "type[LinesForm]":
        """The same form with room for so many lines and a few more."""
        fields: dict[str, Any] = {}
        for number in range(1, filled + EMPTY_LINES + 1):
            fields |= {f"{name}_{number}": field for name, field in cls.line_fields(number).items()}
        return type(cls.__name__, (cls,), fields)

    @staticmethod
    def line_fields(number: int) -> dict[str, Any]:
        """The fields of one line by their names."""
        raise NotImplementedError

    @property
    def lines(self) -> list[list[Field]]:
        """The fields line by line."""
        names = list(self.line_fields(1))
        count = sum(name.rpartition("_")[0] == names[0] for name in self._fields)
        return [[self._fields[f"{name}_{number}"] for name in names] for number in range(1, count + 1)]

    def check_rows(self) -> bool:
        half = [field for line in self.lines if any(one.data for one in line) for field in line if not field.data]
        for field in half:
            field.errors = [_("Fill in the whole line, or leave all of it empty.")]
        return not half

    def typed(self) -> Iterator[list[Any]]:
        """The lines that were filled in."""
        return ([field.data for field in line] for line in self.lines if all(field.data for field in line))

    def fill(self, lines: Sequence[Sequence[Any]]) -> None:
        for fields, values in zip(self.lines, lines, strict=False):
            for field, value in zip(fields, values, strict=True):
                field.data = value


def _weekday(number: int) -> SelectField:
    days = [SelectChoice("", _l("No day")), *(SelectChoice(str(n), day) for n, day in enumerate(WEEKDAYS))]
    return SelectField(_l("Day, line %(number)s", number=number), name=f"dag-{number}", choices=days)


def _clock(label: Any, name: str) -> ClockField:
    return ClockField(label, name=name, validators=[Optional()])


class DayPartsForm(LinesForm):
    """The hours of each part, and other hours on some weekdays."""

    from_morning = _clock(_l("Morning from"), "van-voormiddag")
    to_morning = _clock(_l("Morning to"), "tot-voormiddag")
    from_afternoon = _clock(_l("Afternoon from"), "van-namiddag")
    to_afternoon = _clock(_l("Afternoon to"), "tot-namiddag")
    from_evening = _clock(_l("Evening from"), "van-avond")
    to_evening = _clock(_l("Evening to"), "tot-avond")
    from_whole_day = _clock(_l("Whole day from"), "van-hele-dag")
    to_whole_day = _clock(_l("Whole day to"), "tot-hele-dag")
    main = property(lambda self: self.from_morning)

    @staticmethod
    def line_fields(number: int) -> dict[str, Any]:
        parts = [SelectChoice("", _l("No part")), *(SelectChoice(part.value, DAY_PART[part]) for part in DayPart)]
        return {
            "weekday": _weekday(number),
            "part": SelectField(_l("Part, line %(number)s", number=number), name=f"deel-{number}", choices=parts),
            "from": _clock(_l("From, line %(number)s", number=number), f"van-{number}"),
            "to": _clock(_l("To, line %(number)s", number=number), f"tot-{number}"),
        }

    @property
    def parts(self) -> dict[DayPart, tuple[Field, Field]]:
        """The usual hours of each part."""
        names = {part: part.name.lower() for part in DayPart}
        return {part: (self._fields[f"from_{name}"], self._fields[f"to_{name}"]) for part, name in names.items()}

    def show(self, value: Any) -> None:
        lines: list[tuple[Any, ...]] = []
        for part, fields in self.parts.items():
            spans = value[part]
            per_day = spans if isinstance(spans, Mapping) else {EVERY_DAY: spans}
            for field, edge in zip(fields, per_day[EVERY_DAY], strict=True):
                field.data = time_read(edge)
            others = sorted(day for day in per_day if day != EVERY_DAY)
            lines += [(day, part.value, *(time_read(edge) for edge in per_day[day])) for day in others]
        self.fill(lines)

    def value(self) -> Any:
        found: dict[str, Any] = {}
        for part, fields in self.parts.items():
            found[part.value] = [time_written(field.data) for field in fields]
        for day, part, starts, ends in self.typed():
            usual = found[part] if isinstance(found[part], dict) else {EVERY_DAY: found[part]}
            found[part] = {**usual, day: [time_written(starts), time_written(ends)]}
        return found

    def wrong(self) -> str:
        return _("Give each part of the day a start and a later end.")


class ExcludedForm(LinesForm):
    """Kinds of activities that are never held, and some for a time."""

    ticks = Choices(
        _l("What is never held here?"),
        name="nooit",
        choices=[SelectChoice(kind.value, words) for kind, words in ACTIVITY_KIND.items()],
    )
    main = property(lambda self: self.ticks)

    @staticmethod
    def line_fields(number: int) -> dict[str, Any]:
        kinds = [
            SelectChoice("", _l("Nothing")),
            *(SelectChoice(one.value, ACTIVITY_KIND[one]) for one in ActivityKind),
        ]
        label = _l("Activity, line %(number)s", number=number)
        return {
            "kind": SelectField(label, name=f"soort-{number}", choices=kinds),
            "first": DayField(
                _l("First day, line %(number)s", number=number), name=f"van-{number}", validators=[Optional()]
            ),
            "last": DayField(
                _l("Last day, line %(number)s", number=number), name=f"tot-{number}", validators=[Optional()]
            ),
        }

    def show(self, value: Any) -> None:
        self.ticks.data = [one for one in value if isinstance(one, str)]
        timed = [one for one in value if not isinstance(one, str)]
        self.fill([(kind, date.fromisoformat(first), date.fromisoformat(last)) for kind, first, last in timed])

    def value(self) -> Any:
        timed = [[kind, first.isoformat(), last.isoformat()] for kind, first, last in self.typed()]
        return [*(self.ticks.data or []), *timed]

    def wrong(self) -> str:
        return _("The last day must not lie before the first.")


class PendingForm(RuleForm):
    """What a waiting request does, and for whom it does something else."""

    usual = RadioField(
        _l("What does a request do while it waits?"),
        name="gewoon",
        choices=[SelectChoice(policy.value, words) for policy, words in POLICY.items()],
        validators=[needed(_l("Choose what a waiting request does"))],
    )
    main = property(lambda self: self.usual)

    @property
    def kinds(self) -> dict[RequesterKind, Field]:
        """The choice for each kind of asker."""
        return {kind: self._fields[f"for_{kind.name}"] for kind in RequesterKind}

    def show(self, value: Any) -> None:
        self.usual.data = value["default"]
        for kind, field in self.kinds.items():
            field.data = value.get(kind.value, AS_USUAL)

    def value(self) -> Any:
        others = {kind.value: field.data for kind, field in self.kinds.items() if field.data}
        return {"default": self.usual.data, **others}


for _kind in RequesterKind:
    # One choice per kind of asker, however many kinds there are.
    _choices = [SelectChoice(AS_USUAL, _l("as above")), *(SelectChoice(one.value, POLICY[one]) for one in POLICY)]
    setattr(PendingForm, f"for_{_kind.name}", SelectField(REQUESTERS[_kind], name=_kind.value, choices=_choices))


class InstantForm(LinesForm):
    """Whether trusted groups get a yes at once, and the hours in which everybody does."""

    trusted = BooleanField(_l("Groups that we trust get a yes at once"), name="vertrouwd")
    main = property(lambda self: self.trusted)

    @staticmethod
    def line_fields(number: int) -> dict[str, Any]:
        return {
            "weekday": _weekday(number),
            "from": _clock(_l("From, line %(number)s", number=number), f"van-{number}"),
            "to": _clock(_l("To, line %(number)s", number=number), f"tot-{number}"),
        }

    def show(self, value: Any) -> None:
        self.trusted.data = value.get("trusted", False)
        hours = value.get("desk_hours", [])
        self.fill([(str(day), time_read(starts), time_read(ends)) for day, starts, ends in hours])

    def value(self) -> Any:
        hours = [[int(day), time_written(starts), time_written(ends)] for day, starts, ends in self.typed()]
        return {"trusted": bool(self.trusted.data), "desk_hours": hours}

    def wrong(self) -> str:
        return _("On each line, the end must come after the start.")


def lines_in(name: RuleName, value: Any) -> int:
    """How many lines a rule has now."""
    if name is RuleName.INSTANT:
        return len(value.get("desk_hours", []))
    if name is RuleName.EXCLUDED:
        return sum(not isinstance(one, str) for one in value)
    return sum(len(spans) - 1 for spans in value.values() if isinstance(spans, Mapping))
