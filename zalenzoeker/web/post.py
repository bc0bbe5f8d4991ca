"""Letters that did not arrive: the city desk sees them, with what the other side said, and sends them again."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.fates import Fate, fate_of
from zalenzoeker.services import resending as service
from zalenzoeker.storage import letters as storage
from zalenzoeker.storage import mail_stop
from zalenzoeker.storage.models import Letter
from zalenzoeker.storage.models.letters import LetterState
from zalenzoeker.web.access import actor, city_only
from zalenzoeker.web.dates import moment
from zalenzoeker.web.desk_page import bar
from zalenzoeker.web.forms import PostForm
from zalenzoeker.web.letter_words import fate_said, letter_name
from zalenzoeker.web.paging import paged

blueprint = Blueprint("post", __name__, url_prefix="/balie/post")


@blueprint.get("")
@city_only
def index() -> ResponseReturnValue:
    page = paged(lambda limit, skip: storage.lost(limit=limit, skip=skip))
    return render_template(
        "post/index.html",
        lost=[(one, letter_name(one.kind), _said(one)) for one in page.rows],
        again=[(one, letter_name(one.kind)) for one in storage.sent_again()],
        count=storage.lost_count(),
        waiting=storage.count(LetterState.WAITING),
        is_mail_stopped=mail_stop.standing() is not None,
        page=page,
        **bar(),
    )


@blueprint.get("/<code>")
@city_only
def show(code: str) -> ResponseReturnValue:
    letter = storage.with_request(code) or abort(404)
    return render_template(
        "post/show.html",
        letter=letter,
        name=letter_name(letter.kind),
        fate=_said(letter),
        is_lost=letter.state is LetterState.DEAD or letter.bounced_at is not None,
        may_go_again=service.may_go_again(letter),
        form=PostForm(),
        **bar(),
    )


@blueprint.post("/<code>/opnieuw")
@city_only
def again(code: str) -> ResponseReturnValue:
    """On its way once more, as it was written."""
    try:
        is_first = service.again(code, by=actor(), now=clock.now())
    except service.UnknownLetter:
        abort(404)
    if is_first:
        flash(_("The letter is on its way again. Here you see what becomes of it."), "ok")
    else:
        flash(_("This letter was sent again already."), "info")
    return redirect(url_for("post.show", code=code))


def _said(letter: Letter) -> str:
    has_bounced = letter.bounced_at is not None
    fate = fate_of(letter.state.value, last_error=letter.last_error, has_bounced=has_bounced)
    when = {Fate.SENT: letter.sent_at, Fate.BUNDLED: letter.sent_at, Fate.HANDED_OVER: letter.printed_at}.get(fate)
    return fate_said(fate, moment(when or letter.next_try_at))
