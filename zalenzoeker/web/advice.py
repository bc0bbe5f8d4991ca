"""Several decide: the vote of a member about a request, and how a desk votes."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectChoice
from wtforms.validators import StopValidation, ValidationError

from zalenzoeker import clock
from zalenzoeker.domain.advice import MOST_DAYS, USUAL_DAYS, AdviceKind, Outcome, Silence
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.requests import NotPossible
from zalenzoeker.services import advice as service
from zalenzoeker.services import decisions
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import desks
from zalenzoeker.storage.models import Desk
from zalenzoeker.storage.models.desks import DeskKind
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.decision_form import version_of
from zalenzoeker.web.desk_page import bar, found_here
from zalenzoeker.web.fields import NumberField, PageForm, needed
from zalenzoeker.web.votes import KIND, SILENCE, VoteForm

blueprint = Blueprint("advice", __name__)


def only_when_voting(form: PageForm, field: Field) -> None:
    """What stands there means nothing where nobody votes."""
    if form["kind"].data == AdviceKind.NONE:
        field.errors = []
        raise StopValidation


class AdviceForm(PageForm):
    """How a desk votes about what comes to it."""

    kind = RadioField(
        _l("How does your desk decide?"),
        name="soort",
        choices=[SelectChoice(kind.value, words) for kind, words in KIND.items()],
        validators=[needed(_l("Choose how your desk decides"))],
    )
    votes = NumberField(_l("How many must say yes?"), name="stemmen", validators=[only_when_voting])
    days = NumberField(_l("In how many days?"), name="dagen", validators=[only_when_voting])
    silence = RadioField(
        _l("And who does not vote in time?"),
        name="stilte",
        choices=[SelectChoice(silence.value, words) for silence, words in SILENCE.items()],
        default=Silence.NOTHING.value,
        validators=[needed(_l("Choose what silence means"))],
    )
    members = 0

    def validate_votes(self, field: Field) -> None:
        if not field.errors and not 1 <= (field.data or 0) <= self.members:
            raise ValidationError(
                _("Fill in a number from 1 to %(most)s: so many members has your desk.", most=self.members)
            )

    def validate_days(self, field: Field) -> None:
        if not field.errors and not 1 <= (field.data or 0) <= MOST_DAYS:
            raise ValidationError(_("Fill in a number of days from 1 to %(most)s.", most=MOST_DAYS))


@blueprint.post("/balie/aanvragen/<code>/stem")
@desk_only
def vote(code: str) -> ResponseReturnValue:
    """A yes or a no of one member; what it comes to is said at once."""
    form = VoteForm()
    if not form.validate_on_submit():
        return _again(code, form), 422
    try:
        outcome = service.vote(
            code,
            form.is_yes,
            by=actor(),
            now=clock.now(),
            version=version_of(form.version.data),
            note=form.note.data or "",
            to_asker=(form.to_asker.data or "") if not form.is_yes else "",
        )
    except decisions.ReasonNeeded:
        form.note.errors = [
            _("They ask for an exception. Write why it is fine; the asker reads it.")
            if form.is_yes
            else _("Write why. Your desk reads it.")
        ]
        return _again(code, form), 422
    except decisions.NoLongerFree:
        return _not_counted(code, form, is_free=False), 409
    except (NotPossible, decisions.ChangedMeanwhile):
        return _not_counted(code, form), 409
    except (NotAllowed, UnknownRequest):
        # One of another desk is not there.
        found_here(code)
        raise
    return _voted(code, outcome)


def _voted(code: str, outcome: Outcome) -> ResponseReturnValue:
    told = {
        Outcome.OPEN: _("Your vote counts. You can still change it."),
        Outcome.YES: _("Your vote counts, and with it there are enough: it is a yes."),
        Outcome.NO: _("Your vote counts, and with it there can be no yes any more: it is a no."),
    }[outcome]
    flash(told, "ok")
    if outcome is Outcome.OPEN:
        return redirect(url_for("desk.show", code=code, _anchor="stemmen"))
    return redirect(url_for("desk.inbox"))


def _again(code: str, form: VoteForm) -> str:
    """The form by itself with its errors, and with all that was typed."""
    return render_template("advice/vote.html", request_=found_here(code), form=form, **bar())


def _not_counted(code: str, form: VoteForm, *, is_free: bool = True) -> str:
    found = found_here(code)
    return render_template(
        "advice/not_counted.html",
        request_=found,
        date=found.first,
        words=form.note.data or "",
        is_free=is_free,
        **bar(),
    )


@blueprint.route("/balie/ploeg/<desk>/advies", methods=["GET", "POST"])
@desk_only
def settings(desk: str) -> ResponseReturnValue:
    found = _desk_here(desk)
    form = AdviceForm()
    form.members = len(found.members)
    if not form.is_submitted():
        form.kind.data, form.silence.data = found.advice.value, found.silence_means.value
        form.votes.data, form.days.data = found.votes_needed, found.advice_days
    if not form.validate_on_submit():
        return _settings_page(found, form), 422 if form.is_submitted() else 200
    try:
        service.set_advice(
            desk,
            AdviceKind(form.kind.data),
            needed=form.votes.data or 1,
            days=form.days.data or USUAL_DAYS,
            silence=Silence(form.silence.data),
            by=actor(),
            now=clock.now(),
        )
    except service.NotAWayToVote:
        form.votes.errors = [_("The members of your desk changed meanwhile. Look how many there are.")]
        return _settings_page(_desk_here(desk), form), 409
    flash(_("Kept. It counts for requests that come from now on."), "ok")
    return redirect(url_for("advice.settings", desk=desk))


def _desk_here(slug: str) -> Desk:
    """The desk, for its members and the city desk; 404 for one that is not there or never votes, 403 for others."""
    found = desks.by_slug(slug)
    if found is None or found.kind is DeskKind.CITY:
        abort(404)
    if not actor().is_city and found.id not in actor().desk_ids:
        abort(403)
    return found


def _settings_page(found: Desk, form: AdviceForm) -> str:
    return render_template("advice/settings.html", desk=found, form=form, members=len(found.members), **bar())
