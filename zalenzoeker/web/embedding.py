"""The agenda on somebody else's page: the frame itself, and the page that gives the code for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import escape
from werkzeug.datastructures import MultiDict

from zalenzoeker import clock
from zalenzoeker.domain.activities import Theme
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.slots import to_local
from zalenzoeker.domain.whats_on import Day, by_day
from zalenzoeker.storage import city
from zalenzoeker.web.absolute import absolute
from zalenzoeker.web.access import public
from zalenzoeker.web.activity_words import THEME
from zalenzoeker.web.agenda_choice import THEMES
from zalenzoeker.web.dates import format_list
from zalenzoeker.web.headers import FRAMED, framing
from zalenzoeker.web.whats_on import events

blueprint = Blueprint("embedding", __name__)

DAYS_AHEAD = 28
# Who wants more follows the link below: a frame of a hundred lines is read by nobody.
MOST = 40
MAX_AGE_SECONDS = 300
HEIGHT = 600


@dataclass(frozen=True)
class Choice:
    """What a frame shows: one place, one neighbourhood, some themes; nothing chosen means all of it."""

    place: str = ""
    neighbourhood: str = ""
    themes: tuple[Theme, ...] = ()

    @property
    def query(self) -> dict[str, Any]:
        """The choice as the end of an address, always in the same order."""
        found = {"locatie": self.place, "thema": [one.value for one in self.themes], "wijk": self.neighbourhood}
        return {name: value for name, value in found.items() if value}

    def rooms(self, everything: City) -> list[KnownRoom]:
        return [
            one
            for one in everything.rooms
            if self.place in ("", one.venue_slug) and self.neighbourhood in ("", one.neighbourhood_slug)
        ]

    def title(self, everything: City) -> str:
        """Agenda van Open Huis Drongen; Soepcafé in Brugse Poort."""
        what = format_list([str(THEME[one]) for one in self.themes])
        if self.place:
            where = next(one.venue_name for one in everything.rooms if one.venue_slug == self.place)
            return _("%(what)s in %(where)s", what=what, where=where) if what else _("Agenda of %(place)s", place=where)
        named = (one.name for one in everything.neighbourhoods if one.slug == self.neighbourhood)
        where = next(named, _("Ghent"))
        return _("%(what)s in %(where)s", what=what or _("Activities"), where=where)


@blueprint.get("/agenda/inbedden")
@public
def show() -> ResponseReturnValue:
    """What the address names and is not there counts as not chosen: the form shows what is."""
    everything = city.city()
    choice, _unknown = _choice(request.args, everything)
    title = choice.title(everything)
    address = absolute("embedding.frame", **choice.query)
    answer = Response(
        render_template(
            "embedding/show.html",
            choice=choice,
            places=sorted({(one.venue_name, one.venue_slug) for one in everything.rooms}),
            neighbourhoods=everything.neighbourhoods,
            themes=[(one.value, name, None, None) for one, name in THEME.items()],
            chosen=[one.value for one in choice.themes],
            frame=url_for("embedding.frame", **choice.query),
            frame_title=title,
            height=HEIGHT,
            code=_code(address, title),
        )
    )
    answer.headers["Content-Security-Policy"] = f"{current_app.config['CONTENT_POLICY']}; frame-src 'self'"
    return answer


@blueprint.get(FRAMED)
@public
def frame() -> ResponseReturnValue:
    """No cookie is read or set here, whoever looks, on whatever page: see ``headers.Visits``."""
    everything, now = city.city(), clock.now()
    choice, unknown = _choice(request.args, everything)
    today = to_local(now).date()
    last = today + timedelta(days=DAYS_AHEAD - 1)
    rooms = [] if unknown else choice.rooms(everything)
    found = [one for one in events(rooms, today, last, now, themes=choice.themes) if not one.is_over(now)]
    days = by_day(found, first=today - timedelta(days=1), last=last)
    page = render_template(
        "embedding/frame.html",
        title=choice.title(everything),
        unknown=unknown,
        days=_first(days, MOST),
        is_more=sum(len(one.events) for one in days) > MOST,
        places={one.id: one.name if choice.place else one.venue_name for one in rooms},
        is_placed=not choice.place or len({one.room_id for one in found}) > 1,
        more=_more(choice),
        feed=_feed(choice),
    )
    answer = Response(page, status=404 if unknown else 200)
    answer.cache_control.public, answer.cache_control.max_age = True, MAX_AGE_SECONDS
    return framing(answer)


def _choice(args: MultiDict[str, str], everything: City) -> tuple[Choice, bool]:
    """The choice of an address, and whether it names something that is not there."""
    place, neighbourhood = args.get("locatie", ""), args.get("wijk", "")
    themes = sorted({one for one in args.getlist("thema") if one})
    is_place = not place or any(one.venue_slug == place for one in everything.rooms)
    is_neighbourhood = not neighbourhood or any(one.slug == neighbourhood for one in everything.neighbourhoods)
    known = tuple(THEMES[one] for one in themes if one in THEMES)
    choice = Choice(place if is_place else "", neighbourhood if is_neighbourhood else "", known)
    return choice, not (is_place and is_neighbourhood and len(known) == len(themes))


def _more(choice: Choice) -> str:
    """Where everything is: the page of the place, or the agenda with the same choice."""
    if choice.place:
        return absolute("venues.show", venue=choice.place)
    return absolute("activities.index", **choice.query)


def _feed(choice: Choice) -> str:
    """The calendar nearest to the choice: of its place, its neighbourhood and themes, or the whole city."""
    if choice.place:
        return absolute("feeds.venue", venue=choice.place)
    if choice.themes:
        return absolute("feeds.agenda", **choice.query)
    if choice.neighbourhood:
        return absolute("feeds.neighbourhood", neighbourhood=choice.neighbourhood)
    return absolute("feeds.city")


def _code(address: str, title: str) -> str:
    """What somebody pastes into their own page; as text, for it is shown and not carried out."""
    code = '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>'
    return code.format(escape(address), escape(title), HEIGHT)


def _first(days: Sequence[Day], count: int) -> list[Day]:
    """The first so many events, by day."""
    kept: list[Day] = []
    for one in days:
        if count <= 0:
            break
        kept.append(Day(one.day, one.events[:count]))
        count -= len(one.events)
    return kept
