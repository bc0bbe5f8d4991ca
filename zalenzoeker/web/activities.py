"""The agenda: what there is to do in the neighbourhood, and the page of each activity."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from zalenzoeker import clock
from zalenzoeker.domain.activities import FREE
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.feeds import span
from zalenzoeker.domain.slots import to_local
from zalenzoeker.storage import activities, city
from zalenzoeker.storage.activities import Listed
from zalenzoeker.web import agenda_days
from zalenzoeker.web.absolute import absolute
from zalenzoeker.web.access import public
from zalenzoeker.web.activity_words import THEME, languages_words, price_words
from zalenzoeker.web.agenda_choice import THEMES, Choice
from zalenzoeker.web.paging import paged

blueprint = Blueprint("activities", __name__)

DATES_SHOWN = 6
# What an address of a picture names besides its file: so wide, so high.
CARD = (1200, 630)


@blueprint.get("/agenda")
@public
def index() -> ResponseReturnValue:
    now, everything = clock.now(), city.city()
    look = agenda_days.read(request.args, everything, now)
    found = agenda_days.shown(look, everything, now)
    page = paged(lambda most, skip: found[skip : skip + most])
    html = render_template(
        "activities/index.html",
        look=look,
        page=page,
        days=agenda_days.by_day(page.rows),
        count=len(found),
        neighbourhoods=everything.neighbourhoods,
        themes=[(value, THEME[theme]) for value, theme in THEMES.items()],
        theme_words=THEME,
        price_words=price_words,
        feed=_feed_of(look.choice),
        feed_words=look.choice.words(everything),
    )
    return (html, 422) if look.error else html


def _feed_of(choice: Choice) -> str:
    """The address of the calendar of this choice: the one that most people have, where there is one."""
    one_place, one_theme = len(choice.neighbourhoods) == 1, len(choice.themes) == 1
    if not choice.query:
        return absolute("feeds.city")
    if one_place and not choice.themes:
        return absolute("feeds.neighbourhood", neighbourhood=choice.neighbourhoods[0])
    if one_theme and not choice.neighbourhoods:
        return absolute("feeds.theme", theme=choice.themes[0].value)
    return absolute("feeds.agenda", **choice.query)


@blueprint.get("/agenda/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    now, everything = clock.now(), city.city()
    today = to_local(now).date()
    found = activities.listed(*span(today), codes=[code])
    dates = [one for one in found if one.room_id in everything.by_id] or abort(404)
    to_come = [one for one in dates if one.slot.ends_at > now]
    nearest = next((one for one in to_come if not one.is_cancelled), (to_come or dates)[-1])
    room = everything.by_id[nearest.room_id]
    return render_template(
        "activities/show.html",
        words=nearest.words,
        dates=[(one, everything.by_id[one.room_id]) for one in to_come],
        nearest=nearest,
        is_off=bool(to_come) and all(one.is_cancelled for one in to_come),
        first_shown=DATES_SHOWN,
        room=room,
        theme=nearest.theme,
        theme_words=THEME,
        price=price_words(nearest.price),
        languages=languages_words(nearest.words.languages),
        feed=absolute("feeds.activity", code=code),
        address=absolute("activities.show", code=code),
        both=_feed_of(Choice((room.neighbourhood_slug,), (nearest.theme,))) if nearest.theme else "",
        card=_card(nearest),
        told=_told(nearest, to_come, everything),
        is_over=not to_come,
    )


def _card(one: Listed) -> dict[str, Any]:
    """The picture that other sites show with the address of this page: its own, or the drawn one."""
    if one.words.picture:
        width, _cross, height = one.words.picture.rpartition("-")[2].removesuffix(".jpg").partition("x")
        address = absolute("publishing.picture", name=one.words.picture)
        return {"address": address, "words": one.words.picture_words, "width": width, "height": height}
    address = current_app.jinja_env.globals["asset"]("deelkaart.png")
    return {"address": f"{current_app.config['PUBLIC_URL']}{address}", "words": "", "width": CARD[0], "height": CARD[1]}


def _told(nearest: Listed, to_come: list[Listed], everything: City) -> list[dict[str, Any]]:
    """The dates as search engines read them (schema.org, Event), the nearest first; nobody's name is in it."""
    return [_event(one, everything.by_id[one.room_id]) for one in (to_come or [nearest])[:DATES_SHOWN]]


def _event(one: Listed, room: KnownRoom) -> dict[str, Any]:
    state = "EventCancelled" if one.is_cancelled else "EventScheduled"
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": one.title,
        "url": absolute("activities.show", code=one.code),
        "startDate": _moment(one.slot.starts_at),
        "endDate": _moment(one.slot.ends_at),
        "eventStatus": f"https://schema.org/{state}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "image": _card(one)["address"],
        "location": {
            "@type": "Place",
            "name": f"{room.name}, {room.venue_name}",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": room.address,
                "addressLocality": room.town,
                "addressCountry": "BE",
            },
        },
    }
    if one.words.text:
        found["description"] = one.words.text
    if one.words.languages:
        found["inLanguage"] = one.words.languages
    if one.price:
        found["isAccessibleForFree"] = one.price == FREE
    return found


def _moment(moment: datetime) -> str:
    """With the hour of Ghent and how far that is from UTC: 2027-01-16T14:00:00+01:00."""
    local = to_local(moment)
    ahead = local - moment.replace(tzinfo=None)
    return f"{local.isoformat()}+{ahead.seconds // 3600:02}:00"
