"""When the mail server refuses our letters: the city desk sees since when, why and what to do, and lets it be tried."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.services import delivery
from zalenzoeker.storage import letters, mail_stop
from zalenzoeker.storage.models.letters import LetterState
from zalenzoeker.web.access import city_only
from zalenzoeker.web.desk_page import bar
from zalenzoeker.web.forms import PostForm

blueprint = Blueprint("mail_stop", __name__)


@blueprint.get("/balie/post/mailserver")
@city_only
def show() -> ResponseReturnValue:
    return render_template(
        "mail_stop/show.html",
        stop=mail_stop.standing(),
        letter_count=letters.count(LetterState.WAITING),
        form=PostForm(),
        **bar(),
    )


@blueprint.post("/balie/post/mailserver/opnieuw")
@city_only
def try_again() -> ResponseReturnValue:
    if mail_stop.standing() is None:
        flash(_("The letters leave as usual."))
    else:
        delivery.try_again(clock.now())
        flash(_("The site tries again within a few seconds. Look at this page again in a minute."))
    return redirect(url_for("mail_stop.show"))
