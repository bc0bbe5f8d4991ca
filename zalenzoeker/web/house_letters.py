"""What a house adds to its letters to askers, with a look at how it reads before it is kept."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from zalenzoeker import clock
from zalenzoeker.domain.changes import ChangedMeanwhile, version_of
from zalenzoeker.domain.house_words import LONGEST, Name, unknown
from zalenzoeker.domain.slots import Slot, to_local
from zalenzoeker.gateways.house_words import written
from zalenzoeker.services import house_letters as service
from zalenzoeker.services.house_letters import LetterWords
from zalenzoeker.storage.models import Venue
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.fields import PageForm
from zalenzoeker.web.keeping import frame, kept_house, rooms_of
from zalenzoeker.web.room_form import words_field

blueprint = Blueprint("house_letters", __name__)

NAMES = {
    Name.CONTACT: _l("who asked"),
    Name.ACTIVITY: _l("the activity"),
    Name.ROOM: _l("the room"),
    Name.HOUSE: _l("the house"),
    Name.DAY: _l("the day, or the first one of a series"),
    Name.HOURS: _l("from when until when"),
    Name.PHONE: _l("the telephone of the house"),
    Name.REFERENCE: _l("the number of the request"),
}


class HouseLettersForm(PageForm):
    """The two paragraphs of a house."""

    version = HiddenField(name="versie")
    approval = words_field(_l("In the letter that says yes"), "bij-ja", LONGEST)
    reminder = words_field(_l("In the reminder, a week before"), "bij-herinnering", LONGEST)

    def words(self) -> LetterWords:
        return LetterWords(self.approval.data or "", self.reminder.data or "")

    def show(self, words: LetterWords) -> None:
        self.approval.data, self.reminder.data = words.approval, words.reminder

    def check_names(self) -> bool:
        """Whether everything between braces is filled in; what is not stands with its field."""
        for field in (self.approval, self.reminder):
            if wrong := unknown(field.data or ""):
                names = ", ".join(f"{{{one}}}" for one in wrong)
                field.errors = [_("We do not know %(names)s. Use only the names in the list.", names=names)]
        return not (self.approval.errors or self.reminder.errors)


@blueprint.route("/balie/huizen/<venue>/brieven", methods=["GET", "POST"])
@desk_only
def show(venue: str) -> ResponseReturnValue:
    place = kept_house(venue)
    there = service.told(place.id)
    form = HouseLettersForm()
    if not form.is_submitted():
        form.show(there)
        form.version.data = version_of(there.as_kept())
        return _page(place, form)
    if not form.validate_on_submit() or not form.check_names():
        return _page(place, form), 422
    if request.form.get("bekijk"):
        return _page(place, form, is_tried=True)
    try:
        service.say(venue, form.words(), by=actor(), now=clock.now(), version=form.version.data or "")
    except ChangedMeanwhile:
        there = service.told(place.id)
        form.version.data = version_of(there.as_kept())
        return _page(place, form, there), 409
    flash(_("Kept. It stands in the letters from now on."), "ok")
    return redirect(url_for("house_letters.show", venue=venue))


def _page(place: Venue, form: HouseLettersForm, there: LetterWords | None = None, *, is_tried: bool = False) -> str:
    words = form.words()
    return render_template(
        "house_letters/show.html",
        **frame(place),
        form=form,
        there=there,
        names=[(f"{{{name.value}}}", said) for name, said in NAMES.items()],
        is_tried=is_tried,
        approval=_tried(place, words.approval),
        reminder=_tried(place, words.reminder),
    )


def _tried(place: Venue, words: str) -> str:
    """The words as somebody made up would read them."""
    day = to_local(clock.now()).date()
    hours = (datetime(day.year, day.month, day.day, hour) for hour in (14, 18))
    rooms = rooms_of(place)
    facts = {
        "contact_name": "An Peeters",
        "activity": _("Pancakes for the neighbourhood"),
        "room": rooms[0].name if rooms else place.name,
        "venue": place.name,
        "phone": place.phone,
        "reference": "DR-7K4M",
    }
    return written(words, Slot(*hours), facts)
