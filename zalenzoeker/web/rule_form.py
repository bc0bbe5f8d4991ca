"""The forms of rules that are one thing: a number, a choice, a time, some ticks, a season."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Optional

from zalenzoeker.domain.register import LEAP_YEAR, is_rule_value
from zalenzoeker.domain.rules import CALENDAR_DAYS, WORKING_DAYS, RuleName
from zalenzoeker.web.fields import Choices, ClockField, NumberField, PageForm, needed, text_field
from zalenzoeker.web.rule_words import MAY_BE_EXCEPTED
from zalenzoeker.web.wording import REQUESTERS, SPECIAL_KIND


@dataclass(frozen=True)
class Number:
    """What is asked for a rule that is a number, and its bounds; ``is_optional``: empty means that there is no rule."""

    question: Any
    lowest: int
    highest: int
    is_optional: bool = False
    hint: Any = ""


IN_MINUTES = _l("In minutes: 60 is one hour, 90 is one and a half.")
NUMBERS: Mapping[RuleName, Number] = {
    RuleName.LEAD_DAYS: Number(_l("How many days before?"), 0, 366),
    RuleName.HORIZON_MONTHS: Number(_l("How many months ahead?"), 1, 12),
    RuleName.LEAST_MINUTES: Number(_l("How many minutes at least?"), 15, 1440, True, IN_MINUTES),
    RuleName.MOST_MINUTES: Number(_l("How many minutes at most?"), 15, 1440, True, IN_MINUTES),
    RuleName.SETUP_MINUTES: Number(_l("How many minutes before?"), 0, 360, False, IN_MINUTES),
    RuleName.CLEANUP_MINUTES: Number(_l("How many minutes after?"), 0, 360, False, IN_MINUTES),
    RuleName.WEEKLY_MONTHS: Number(_l("How many months at most?"), 1, 24),
    RuleName.OPEN_REQUESTS: Number(_l("How many requests at most?"), 1, 1000),
    RuleName.WEEK_HOURS: Number(_l("How many hours a week at most?"), 1, 168, True),
    RuleName.NEIGHBOURHOOD_FIRST: Number(
        _l("From how many days before may others ask?"), 0, 366, True, _l("0 means: others never.")
    ),
    RuleName.HOLD_DAYS: Number(_l("After how many days without an answer?"), 1, 366),
}


class RuleForm(PageForm):
    """What every rule asks: why it is so."""

    source = text_field(
        _l("Why, or where is it written?"),
        StringField,
        needed(_l("Write in a few words why, for instance: agreed in the meeting of 3 May")),
        name="bron",
        description=_l("People who ask can read it. For instance: agreed in the meeting of 3 May."),
    )

    def __init__(self, rule: RuleName, **options: Any) -> None:
        super().__init__(**options)
        self.rule = rule

    @property
    def main(self) -> Field:
        """The field that is told when the whole cannot be."""
        raise NotImplementedError

    def show(self, value: Any) -> None:
        """Fill in what the rule says now."""
        raise NotImplementedError

    def value(self) -> Any:
        """The value of the rule, as ``domain.rules`` wants it."""
        raise NotImplementedError

    def wrong(self) -> str:
        """What is said where the value is none."""
        return _("Look at it again: this cannot be.")

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self.check_rows():
            return False
        if not is_rule_value(self.rule, self.value()):
            self.main.errors = [self.wrong()]
            return False
        return True

    def check_rows(self) -> bool:
        """Whether each line of a form that has some is whole; what is missing stands with its field."""
        return True


class NumberForm(RuleForm):
    """One number, or nothing where a rule may be absent."""

    number = NumberField("", name="aantal", validators=[Optional()])

    def __init__(self, rule: RuleName, **options: Any) -> None:
        super().__init__(rule, **options)
        self.asked = NUMBERS[rule]
        self.number.label.text = self.asked.question

    main = property(lambda self: self.number)

    def show(self, value: Any) -> None:
        self.number.data = value

    def value(self) -> Any:
        return self.number.data

    def wrong(self) -> str:
        return _(
            "Fill in a number from %(lowest)s to %(highest)s.", lowest=self.asked.lowest, highest=self.asked.highest
        )


def time_read(value: str | None) -> time | None:
    return None if value is None else time.fromisoformat(value)


def time_written(value: time | None) -> str | None:
    return None if value is None else value.strftime("%H:%M")


class CountsForm(RuleForm):
    """Calendar days or working days."""

    counts = RadioField(
        _l("Which days count?"),
        name="dagen",
        choices=[
            SelectChoice(CALENDAR_DAYS, _l("Every day")),
            SelectChoice(WORKING_DAYS, _l("Only working days: no Saturdays, Sundays and legal holidays")),
        ],
        validators=[needed(_l("Choose which days count"))],
    )
    main = property(lambda self: self.counts)

    def show(self, value: Any) -> None:
        self.counts.data = value

    def value(self) -> Any:
        return self.counts.data


class InsideForm(RuleForm):
    """Whether others may hold activities during the open hours."""

    offers = RadioField(
        _l("May others hold an activity while the house is open?"),
        name="binnen",
        choices=[
            SelectChoice("ja", _l("Yes, they may ask it: a soup café, a sewing afternoon, a shop")),
            SelectChoice("nee", _l("No")),
            SelectChoice("gewoon", _l("As in most houses of our kind")),
        ],
        validators=[needed(_l("Choose whether others may ask it"))],
    )
    main = property(lambda self: self.offers)

    def show(self, value: Any) -> None:
        self.offers.data = "gewoon" if value is None else "ja" if value else "nee"

    def value(self) -> Any:
        return {"ja": True, "nee": False}.get(self.offers.data)


class LatestEndForm(RuleForm):
    """A time, or none."""

    latest = ClockField(_l("At what time does everything end?"), name="tot", validators=[Optional()])
    main = property(lambda self: self.latest)

    def show(self, value: Any) -> None:
        self.latest.data = time_read(value)

    def value(self) -> Any:
        return time_written(self.latest.data)


class TicksForm(RuleForm):
    """Some of a list."""

    ticks = Choices("", name="keuze", choices=[])
    main = property(lambda self: self.ticks)

    def __init__(self, rule: RuleName, **options: Any) -> None:
        super().__init__(rule, **options)
        question, words = TICKS[rule]
        self.ticks.label.text = question
        self.ticks.choices = [SelectChoice(str(code.value), text) for code, text in words.items()]

    def show(self, value: Any) -> None:
        self.ticks.data = list(value)

    def value(self) -> Any:
        return list(self.ticks.data or [])


TICKS: Mapping[RuleName, tuple[Any, Mapping[Any, Any]]] = {
    RuleName.WHO: (_l("Who may ask? Tick nothing for everybody."), REQUESTERS),
    RuleName.CLOSED_ON: (_l("On which days is it closed?"), SPECIAL_KIND),
    RuleName.EXCEPTIONS: (_l("From what may people ask an exception?"), MAY_BE_EXCEPTED),
}


class SeasonForm(RuleForm):
    """Some months of every year, or none."""

    is_closed = RadioField(
        _l("Is it closed every year for a while?"),
        name="dicht",
        choices=[SelectChoice("nee", _l("No, open the whole year")), SelectChoice("ja", _l("Yes, between these days"))],
        validators=[needed(_l("Choose whether it is closed every year"))],
    )
    first_day = NumberField(_l("First closed day"), name="eerste-dag", validators=[Optional()])
    first_month = SelectField(_l("Month of the first day"), name="eerste-maand", choices=[])
    last_day = NumberField(_l("Last closed day"), name="laatste-dag", validators=[Optional()])
    last_month = SelectField(_l("Month of the last day"), name="laatste-maand", choices=[])
    main = property(lambda self: self.first_day)

    def __init__(self, rule: RuleName, **options: Any) -> None:
        super().__init__(rule, **options)
        months = [SelectChoice(str(month), format_date(date(LEAP_YEAR, month, 1), "LLLL")) for month in range(1, 13)]
        for field in (self.first_month, self.last_month):
            field.choices = [SelectChoice("", _("Month")), *months]

    def show(self, value: Any) -> None:
        self.is_closed.data = "ja" if value else "nee"
        if value:
            (self.first_month.data, self.first_day.data), (self.last_month.data, self.last_day.data) = (
                (str(int(edge[:2])), int(edge[3:])) for edge in value
            )

    def value(self) -> Any:
        if self.is_closed.data != "ja":
            return None
        edges = ((self.first_month, self.first_day), (self.last_month, self.last_day))
        return [f"{int(month.data or 0):02d}-{day.data or 0:02d}" for month, day in edges]

    def wrong(self) -> str:
        return _("Choose two days that exist, for instance 1 November and 31 March.")
