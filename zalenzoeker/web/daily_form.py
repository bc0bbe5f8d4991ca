"""What a reader of a desk wants to read once a day: the form, and what counts now."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from zalenzoeker.domain.daily import News
from zalenzoeker.storage import daily as storage
from zalenzoeker.storage.models import Desk
from zalenzoeker.web.access import actor
from zalenzoeker.web.fields import Choices, PageForm
from zalenzoeker.web.letter_words import NEWS

ONCE_A_DAY = [SelectChoice(one.value, NEWS[one]) for one in News]


class MyDailyForm(PageForm):
    """Of one member."""

    news = Choices(_l("Once a day, in one letter"), name="dagbrief", choices=ONCE_A_DAY)


class SharedDailyForm(PageForm):
    """Of the shared address of a desk."""

    news = Choices(_l("For the shared address: once a day, in one letter"), name="dagbrief-samen", choices=ONCE_A_DAY)


@dataclass(frozen=True)
class DailyForms:
    """``mine``: None for who does not belong to the desk; ``shared``: None where there is no shared address."""

    mine: MyDailyForm | None
    shared: SharedDailyForm | None


def forms_of(desk: Desk) -> DailyForms:
    """The forms with what counts now."""
    who = actor()
    is_member = desk.id in who.desk_ids
    mine = MyDailyForm(formdata=None, data={"news": _news(desk.id, who.account_id)}) if is_member else None
    shared = SharedDailyForm(formdata=None, data={"news": _news(desk.id, None)}) if desk.email else None
    return DailyForms(mine, shared)


def _news(desk_id: int, account_id: int | None) -> list[str]:
    found = storage.of_reader(desk_id, account_id)
    return list(found.news) if found else []
