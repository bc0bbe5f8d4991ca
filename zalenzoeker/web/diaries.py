"""The pages on which a house hands in the diary it keeps elsewhere, and sees what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import StopValidation

from zalenzoeker import clock
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.diaries import KEEP_DAYS, LARGEST_BYTES, USUAL_KEEP_DAYS, NotAnAddress
from zalenzoeker.domain.slots import epoch
from zalenzoeker.services import diaries as service
from zalenzoeker.storage import diaries
from zalenzoeker.storage.models import Diary, Venue
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.dates import when
from zalenzoeker.web.diary_words import Standing, dates_said, skipped_said, source_said, standing
from zalenzoeker.web.fields import PageForm, needed
from zalenzoeker.web.keeping import frame, kept_house, rooms_of

blueprint = Blueprint("diaries", __name__)

MOST_CLASHES = 30


class FileForm(PageForm):
    """A file with the diary of a room, and how long it counts."""

    file = FileField(_l("The file"), name="bestand")
    keep = RadioField(
        _l("How long does this file count?"),
        name="geldig",
        default=str(USUAL_KEEP_DAYS),
        validators=[needed(_l("Choose how long the file counts"))],
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.keep.choices = [SelectChoice(str(days), _("%(days)d days", days=days)) for days in KEEP_DAYS]
        self.raw = b""

    def validate_file(self, field: FileField) -> None:
        """Read no more than may be handed in, and say at once what is plain to see."""
        self.raw = field.data.stream.read(LARGEST_BYTES + 1) if field.data else b""
        if not self.raw:
            raise StopValidation(_("Choose the file that you exported from your diary. It ends in .ics."))
        if len(self.raw) > LARGEST_BYTES:
            raise StopValidation(_("This file is larger than 1 MB. Export only the coming months."))


class AddressForm(PageForm):
    """The address at which the diary of a room is read."""

    address = StringField(_l("The address of the diary"), name="adres", validators=[needed(_l("Fill in the address"))])


@dataclass(frozen=True)
class RoomShown:
    """A room with how it stands with its diary."""

    slug: str
    name: str
    standing: Standing
    diary: Diary | None


def _room(place: Venue, slug: str) -> KnownRoom:
    found = next((one for one in rooms_of(place) if one.slug == slug), None)
    return found or abort(404)


def _hosts() -> Sequence[str]:
    hosts: Sequence[str] = sorted(current_app.config["BUSY_FEED_HOSTS"])
    return hosts


def _clashes(place: Venue) -> list[tuple[int, str, str, str]]:
    """Who has a room, or asks for it, while its diary says that it is busy: room, code, activity, moment."""
    found = diaries.clashes(place.id, epoch(clock.now()))
    return [(one.room_id, one.code, one.activity, when(one.slot)) for one in found]


@blueprint.get("/balie/huizen/<venue>/agenda")
@desk_only
def index(venue: str) -> ResponseReturnValue:
    place = kept_house(venue)
    known, now = diaries.of_venue(place.id), clock.now()
    rooms = [
        RoomShown(one.slug, one.name, standing(known.get(one.id), now), known.get(one.id)) for one in rooms_of(place)
    ]
    return render_template("diaries/index.html", **frame(place), rooms=rooms, clashes=_clashes(place)[:MOST_CLASHES])


@blueprint.route("/balie/huizen/<venue>/agenda/<room>", methods=["GET", "POST"])
@desk_only
def show(venue: str, room: str) -> ResponseReturnValue:
    place = kept_house(venue)
    known = _room(place, room)
    form = FileForm()
    if not form.validate_on_submit():
        return _page(place, known, form), 422 if form.is_submitted() else 200
    service.hand_in(venue, room, form.raw, int(form.keep.data), by=actor(), now=clock.now())
    flash(_("We have your file. It is being read now."), "ok")
    return redirect(url_for("diaries.show", venue=venue, room=room))


def _page(place: Venue, known: KnownRoom, form: FileForm) -> str:
    diary = diaries.of_room(known.id)
    if diary is not None and not form.is_submitted():
        form.keep.data = str(diary.keep_days)
    heed, as_meant = skipped_said(diary.skipped) if diary else ([], [])
    return render_template(
        "diaries/show.html",
        **frame(place),
        room=known,
        form=form,
        diary=diary,
        standing=standing(diary, clock.now()),
        source=source_said(diary) if diary else "",
        dates=dates_said(diary.dates) if diary and diary.read_at else "",
        heed=heed,
        as_meant=as_meant,
        clashes=[one for one in _clashes(place) if one[0] == known.id][:MOST_CLASHES],
        hosts=_hosts(),
    )


@blueprint.route("/balie/huizen/<venue>/agenda/<room>/adres", methods=["GET", "POST"])
@desk_only
def follow(venue: str, room: str) -> ResponseReturnValue:
    place = kept_house(venue)
    known, hosts = _room(place, room), _hosts()
    if not hosts:
        abort(404)
    form = AddressForm()
    if form.validate_on_submit():
        try:
            service.follow(venue, room, form.address.data or "", hosts, by=actor(), now=clock.now())
        except NotAnAddress:
            form.address.errors = [
                _("We cannot read that address. It begins with https:// and one of the hosts below.")
            ]
        else:
            flash(_("We have the address. It is being read now, and from now on every hour."), "ok")
            return redirect(url_for("diaries.show", venue=venue, room=room))
    status = 422 if form.is_submitted() else 200
    return render_template("diaries/follow.html", **frame(place), room=known, form=form, hosts=hosts), status


@blueprint.post("/balie/huizen/<venue>/agenda/<room>/weg")
@desk_only
def end(venue: str, room: str) -> ResponseReturnValue:
    known = _room(kept_house(venue), room)
    service.let_go(venue, room, by=actor(), now=clock.now())
    flash(_("The diary of %(room)s counts no more. What it kept taken is free.", room=known.name), "ok")
    return redirect(url_for("diaries.index", venue=venue))
