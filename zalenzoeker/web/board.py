"""The planning board of a desk: its rooms on a day or in a week, and what stands behind each cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.board import MOST_ROOMS, Block, Placed, board, room_week, standing_at
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.slots import Week, epoch
from zalenzoeker.domain.taken import TakenBy, span_of_days
from zalenzoeker.domain.wallday import wall_day
from zalenzoeker.storage import board as storage
from zalenzoeker.storage import city, desks
from zalenzoeker.storage.models import Venue
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.board_table import Looker, looks_of, may_open, only, table, week_rows
from zalenzoeker.web.dates import day_long, day_plain, minute_clock
from zalenzoeker.web.keeping import counts, kept_house

blueprint = Blueprint("board", __name__)

NUMBER = re.compile("[1-9][0-9]{0,3}")
# A moment as the cells of the board name it: 14.00, or 14.00-2 for the second that begins then.
MOMENT = re.compile("([0-9]{1,2})[.]([0-9]{2})(?:-([0-9]{1,2}))?")
YEARS = range(2000, 2100)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Choice:
    """Which rooms somebody wants to see. ``before`` and ``after``: the pages around this one, 0 where there is none."""

    houses: Sequence[Venue]
    house: str
    rooms: Sequence[KnownRoom]
    page: int = 1
    after: int = 0

    @property
    def before(self) -> int:
        return self.page - 1

    @property
    def name(self) -> str:
        """Whose rooms these are, for a sheet of paper."""
        return ", ".join(dict.fromkeys(room.venue_name for room in self.rooms))


def _choice() -> Choice:
    """The rooms of the houses that these desks keep, or of the one that the address names; so many on a page."""
    who = actor()
    houses = desks.houses_of(who.desk_ids, is_city=who.is_city)
    known = {one.slug for one in houses}
    asked = request.args.get("huis", "")
    house = asked if asked in known else ""
    wanted = {one.id for one in houses if not house or one.slug == house}
    rooms = [room for room in city.city().rooms if room.venue_id in wanted and room.space_ids]
    typed = request.args.get("blad", "")
    page = int(typed) if NUMBER.fullmatch(typed) else 1
    first = (page - 1) * MOST_ROOMS
    after = page + 1 if len(rooms) > first + MOST_ROOMS else 0
    return Choice(houses, house, rooms[first : first + MOST_ROOMS], page, after)


def day_of(text: str | None) -> date | None:
    """A day as addresses write it; anything else counts as none."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _week_of(text: str) -> Week | None:
    try:
        week = Week.parse(text)
    except ValueError:
        return None
    return week if week.year in YEARS else None


@blueprint.get("/balie/planbord")
@desk_only
def show() -> ResponseReturnValue:
    looker = Looker(actor(), clock.now())
    choice = _choice()
    if week := _week_of(request.args.get("week", "")):
        return _week(week, choice, looker)
    return _day(day_of(request.args.get("dag")) or looker.today, choice, looker)


def _blocks(rooms: Sequence[KnownRoom], first: date, days: int) -> dict[int, list[Block]]:
    room_ids = [room.id for room in rooms]
    return storage.blocks(room_ids, *span_of_days(first, days), epoch(clock.now())) if room_ids else {}


def _day(day: date, choice: Choice, looker: Looker) -> str:
    found = board(day, choice.rooms, _blocks(choice.rooms, day, 1))
    shown = request.args.get("toon", "")
    rows = only(table(found, looker), shown)
    return render_template(
        "board/show.html",
        **_frame(choice, looker, day, {"dag": day}),
        board=found,
        rows=rows,
        shown=shown,
        looks=looks_of(rows),
        hour_labels=[minute_clock(minute) for minute in range(found.from_minute, found.to_minute, 60)],
        heading=_capital(day_long(day)),
        steps=_steps(choice, *((_short(one), {"dag": one}) for one in (day - A_DAY, day + A_DAY))),
        is_week=False,
    )


def _week(week: Week, choice: Choice, looker: Looker) -> str:
    blocks = _blocks(choice.rooms, week.monday, 7)
    weeks = [room_week(week.days, room, blocks.get(room.id, [])) for room in choice.rooms]
    first, last = week.days[0], week.days[6]
    heading = _("Week of %(first)s to %(last)s %(year)d", first=day_plain(first), last=day_plain(last), year=last.year)
    return render_template(
        "board/show.html",
        **_frame(choice, looker, looker.today if looker.today in week.days else first, {"week": week}),
        days=week.days,
        rows=week_rows(weeks, looker),
        looks=["f", "p", "q", "b", "o", "x"],
        heading=heading,
        steps=_steps(choice, *((_short(one.monday), {"week": one}) for one in (week.shifted(-1), week.shifted(1)))),
        is_week=True,
    )


def _frame(choice: Choice, looker: Looker, day: date, asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "choice": choice,
        "day": day,
        "week": Week.of(day),
        "today": looker.today,
        "is_past": day < looker.today,
        "asked": asked | _same(choice),
        "same": _same(choice),
        **counts(),
    }


def _steps(choice: Choice, *around: tuple[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The days or weeks around this one: words, and what the address says."""
    return [(words, asked | _same(choice)) for words, asked in around]


def _same(choice: Choice) -> dict[str, Any]:
    """What stays in the address when somebody goes to another day."""
    return {"huis": choice.house} if choice.house else {}


def _short(day: date) -> str:
    """16 jan"""
    return format_date(day, "d MMM").replace(".", "")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _found_at(day: str, number: int, moment: str) -> tuple[KnownRoom, date, Placed | None]:
    """What begins at a moment in a room of a house that this person keeps; nothing when it is not there any more."""
    known = city.city().by_id.get(number) or abort(404)
    kept_house(known.venue_slug)
    on, typed = day_of(day), MOMENT.fullmatch(moment)
    if on is None or typed is None:
        abort(404)
    minute = int(typed[1]) * 60 + int(typed[2])
    there = _blocks([known], on, 1).get(known.id, [])
    placed = standing_at(wall_day(on), there, minute, int(typed[3] or 1))
    return known, on, placed if placed and may_open(placed, actor()) else None


@blueprint.get("/balie/planbord/<day>/<int:number>/<moment>")
@desk_only
def stands(day: str, number: int, moment: str) -> ResponseReturnValue:
    """To the page of what stands there; ``zaal`` and its kin: to where it is moved, filled in with the new moment."""
    known, on, placed = _found_at(day, number, moment)
    venue = known.venue_slug
    if placed is None:
        flash(_("What stood there is no longer there. Look once more."), "info")
        return redirect(url_for("board.show", dag=day, huis=venue))
    block = placed.block
    to = {name: request.args[name] for name in ("zaal", "dag", "van", "tot") if name in request.args}
    if block.by is TakenBy.OWN_PROGRAMME:
        return redirect(url_for("board_own.change", venue=venue, code=block.code, day=on, **to))
    if block.by is TakenBy.CLOSURE:
        return redirect(url_for("board_own.closure", venue=venue, number=block.code, dag=to.get("dag", on)))
    if block.by is TakenBy.DIARY:
        return redirect(url_for("diaries.show", venue=venue, room=known.slug))
    page = url_for("desk.show", code=block.code)
    if to:
        # Another moment is proposed; the asker says whether it suits them.
        return redirect(url_for("proposals.new", code=block.code, **to, datum=block.uid))
    return redirect(page)
