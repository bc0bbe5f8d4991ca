"""The log of a house: what was changed, by whom and when, for who keeps it."""

from collections.abc import Sequence

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from zalenzoeker.storage import changes, city, desks
from zalenzoeker.storage.models import Change
from zalenzoeker.web.access import desk_only
from zalenzoeker.web.change_words import people_of, told
from zalenzoeker.web.crew_words import Names
from zalenzoeker.web.keeping import frame, kept_house
from zalenzoeker.web.paging import paged

blueprint = Blueprint("logbook", __name__)


@blueprint.get("/balie/huizen/<venue>/logboek")
@desk_only
def show(venue: str) -> ResponseReturnValue:
    place = kept_house(venue)
    keepers = desks.keepers_of_venue(place.id)

    def rows(most: int, after: int) -> Sequence[Change]:
        return changes.of_house(place.id, keepers, most, after)

    page = paged(rows)
    people = changes.names_of_people(people_of([*page.rows]))
    names = Names(people, city.city().facility_names)
    return render_template(
        "logbook/show.html", **frame(place), page=page, lines=[told(change, names) for change in page.rows]
    )
