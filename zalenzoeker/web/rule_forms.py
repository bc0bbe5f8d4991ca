"""Which form belongs to which rule."""

from typing import Any

from zalenzoeker.domain.rules import RuleName
from zalenzoeker.web.rule_form import (
    NUMBERS,
    TICKS,
    CountsForm,
    InsideForm,
    LatestEndForm,
    NumberForm,
    RuleForm,
    SeasonForm,
    TicksForm,
)
from zalenzoeker.web.rule_lines import DayPartsForm, ExcludedForm, InstantForm, LinesForm, PendingForm, lines_in

FORMS: dict[RuleName, type[RuleForm]] = {
    **dict.fromkeys(NUMBERS, NumberForm),
    **dict.fromkeys(TICKS, TicksForm),
    RuleName.LEAD_COUNTS: CountsForm,
    RuleName.LATEST_END: LatestEndForm,
    RuleName.INSIDE: InsideForm,
    RuleName.DAY_PARTS: DayPartsForm,
    RuleName.EXCLUDED: ExcludedForm,
    RuleName.CLOSED_SEASON: SeasonForm,
    RuleName.PENDING: PendingForm,
    RuleName.INSTANT: InstantForm,
}


def form_for(name: RuleName, value: Any) -> RuleForm:
    """The form of a rule; what it says now stands in it until somebody has typed something."""
    kind = FORMS[name]
    if issubclass(kind, LinesForm):
        kind = kind.sized(lines_in(name, value))
    form = kind(name)
    if not form.is_submitted():
        form.show(value)
    return form
