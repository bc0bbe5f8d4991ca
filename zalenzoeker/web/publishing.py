"""Publishing an activity: by who asked for the room, by a house of its own programme; and the pictures with it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from zalenzoeker import clock
from zalenzoeker.domain.activities import Published, may_publish, may_take_down
from zalenzoeker.domain.changes import ChangedMeanwhile, version_of
from zalenzoeker.domain.requests import Status
from zalenzoeker.gateways.pictures import LARGEST_BYTES, NotAPicture, PictureStore
from zalenzoeker.services import publishing as service
from zalenzoeker.storage import activities, programme, programme_dates, requests
from zalenzoeker.storage.models import Activity
from zalenzoeker.web.access import actor, desk_only, public, signed_in
from zalenzoeker.web.keeping import frame, kept_house
from zalenzoeker.web.publish_form import PublishForm

blueprint = Blueprint("publishing", __name__)

PICTURE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Subject:
    """What is published, and where one comes from. ``say``: does it, and gives the picture nobody shows any more."""

    title: str
    render: Callable[[dict[str, object]], str]
    is_public: bool
    is_confirmed: bool
    action: str
    take_down: str
    back: str
    say: Callable[[Published, str], str]
    frame: dict[str, object]


@blueprint.get("/agenda/foto/<name>")
@public
def picture(name: str) -> ResponseReturnValue:
    """A picture of an activity; its name never comes back with another picture.

    What is public no longer, only who has signed in sees: in the form to publish it again.
    """
    path = _store().path(name) or abort(404)
    if not (activities.is_for_everybody(name) or current_user.is_authenticated):
        abort(404)
    answer: Response = send_file(path, mimetype="image/jpeg", max_age=PICTURE_SECONDS, conditional=True)
    answer.cache_control.public, answer.cache_control.immutable = True, True
    return answer


@blueprint.route("/aanvragen/<code>/publiceren", methods=["GET", "POST"])
@signed_in
def of_request(code: str) -> ResponseReturnValue:
    found = requests.by_code(code) or abort(404)
    if not may_publish(actor(), found.parties):
        abort(403)
    subject = Subject(
        title=found.activity,
        render=lambda shown: render_template("publishing/of_request.html", **shown),
        is_public=found.is_public,
        is_confirmed=found.status is Status.APPROVED,
        action=url_for("publishing.of_request", code=code),
        take_down=url_for("publishing.take_down", code=code),
        back=url_for("requests.show", code=code),
        say=lambda words, version: service.publish(code, words, by=actor(), now=clock.now(), version=version),
        frame={},
    )
    return _page(subject, lambda: activities.of_request(found.id))


@blueprint.post("/aanvragen/<code>/niet-publiceren")
@signed_in
def take_down(code: str) -> ResponseReturnValue:
    found = requests.by_code(code) or abort(404)
    if not may_take_down(actor(), found.parties):
        abort(403)
    service.take_down(code, by=actor(), now=clock.now())
    flash(_("It stands in the agenda no longer. Others only see that the room is taken."), "ok")
    is_own = may_publish(actor(), found.parties)
    return redirect(url_for("requests.show" if is_own else "desk.show", code=code))


@blueprint.route("/balie/huizen/<venue>/werking/<code>/publiceren", methods=["GET", "POST"])
@desk_only
def of_line(venue: str, code: str) -> ResponseReturnValue:
    place = kept_house(venue)
    line = programme.by_code(code)
    if line is None or line.room.venue_id != place.id:
        abort(404)
    here = {"venue": venue, "code": code}
    subject = Subject(
        title=line.title,
        render=lambda shown: render_template("publishing/of_line.html", **shown),
        is_public=line.is_public,
        is_confirmed=True,
        action=url_for("publishing.of_line", **here),
        take_down=url_for("publishing.take_line_down", **here),
        back=url_for("house.line", **here),
        say=lambda words, version: service.publish_line(
            venue, code, words, by=actor(), now=clock.now(), version=version
        ),
        frame=frame(place),
    )
    return _page(subject, lambda: activities.of_line(programme_dates.line_of_words(line.id)))


@blueprint.post("/balie/huizen/<venue>/werking/<code>/niet-publiceren")
@desk_only
def take_line_down(venue: str, code: str) -> ResponseReturnValue:
    kept_house(venue)
    service.take_line_down(venue, code, by=actor(), now=clock.now())
    flash(_("It stands in the agenda no longer. Others only see that the room is taken."), "ok")
    return redirect(url_for("house.line", venue=venue, code=code))


def _page(subject: Subject, read: Callable[[], Activity | None]) -> ResponseReturnValue:
    activity = read()
    there = service.told(activity, subject.title)
    form = PublishForm()
    if not form.is_submitted():
        form.show(there)
        form.version.data = version_of(service.as_kept(there))
    if not form.validate_on_submit() or not form.check_picture(there.picture):
        return _written(subject, form, there), 422 if form.is_submitted() else 200
    new = ""
    if form.picture.data:
        try:
            new = _store().keep(form.picture.data.stream.read(LARGEST_BYTES + 1))
        except NotAPicture:
            form.picture.errors = [_("Choose a photo or drawing (JPEG, PNG or WebP) of at most 2 MB.")]
            return _written(subject, form, there), 422
    words = form.words(new or ("" if form.without_picture.data else there.picture))
    try:
        gone = subject.say(words, form.version.data or "")
    except ChangedMeanwhile:
        _store().drop(new)
        there = service.told(read(), subject.title)
        form.version.data = version_of(service.as_kept(there))
        return _written(subject, form, there, is_changed=True), 409
    _store().drop(gone)
    if subject.is_confirmed:
        flash(_("It stands in the agenda. When the booking moves, the agenda moves along."), "ok")
    else:
        flash(_("Kept. It stands in the agenda as soon as the room is confirmed."), "ok")
    return redirect(subject.back)


def _written(subject: Subject, form: PublishForm, there: Published, *, is_changed: bool = False) -> str:
    return subject.render({"subject": subject, "form": form, "there": there, "is_changed": is_changed, **subject.frame})


def _store() -> PictureStore:
    store: PictureStore = current_app.extensions["picture_store"]
    return store
