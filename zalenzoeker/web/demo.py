"""The demonstration: one-click sign-in and the letters that would have been sent."""

import base64
import hashlib

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker.gateways import mailer
from zalenzoeker.storage import accounts, letters
from zalenzoeker.storage.models import Letter
from zalenzoeker.web.access import actor, demonstration_only, enter, way_back

blueprint = Blueprint("demo", __name__)


@blueprint.post("/demo/aanmelden")
@demonstration_only
def sign_in() -> ResponseReturnValue:
    """Sign in as one of the demonstration's people; nobody else can be signed in as here."""
    code = request.form.get("persoon")
    account = next((person for person in accounts.demonstration() if person.code == code), None) or abort(404)
    enter(account.code)
    flash(_("You are signed in as %(name)s.", name=account.name))
    fallback = url_for("desk.inbox") if actor().is_desk_member else None
    return redirect(way_back(request.args.get("verder") or fallback))


@blueprint.get("/demo/postvak")
@demonstration_only
def letter_box() -> ResponseReturnValue:
    return render_template(
        "demo/letter_box.html", letters=[(one, _message(one)["Subject"]) for one in letters.newest()]
    )


@blueprint.get("/demo/postvak/<code>")
@demonstration_only
def letter(code: str) -> ResponseReturnValue:
    found = letters.by_code(code) or abort(404)
    message = _message(found)
    body = message.get_body(("plain",))
    attachment = next(message.iter_attachments(), None)
    return render_template(
        "demo/letter.html",
        letter=found,
        subject=message["Subject"],
        sender=message["From"],
        text=body.get_content() if body else "",
        attachment=attachment.get_filename() if attachment else None,
    )


@blueprint.get("/demo/postvak/<code>/html")
@demonstration_only
def letter_html(code: str) -> ResponseReturnValue:
    """The HTML of a letter, as a mail program gets it; only its own style sheet may speak in it."""
    body = _message(letters.by_code(code) or abort(404)).get_body(("html",))
    if body is None:
        abort(404)
    content = body.get_content()
    answer = current_app.response_class(content)
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {_style_hash(content)}; frame-ancestors 'none'"
    )
    return answer


def _style_hash(letter: str) -> str:
    """The style sheet in the head of a letter, as a content policy names it."""
    style = letter.partition("<style>")[2].partition("</style>")[0]
    digest = hashlib.sha256(style.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@blueprint.get("/demo/postvak/<code>/afspraak.ics")
@demonstration_only
def letter_calendar(code: str) -> ResponseReturnValue:
    """The calendar file of a letter."""
    found = _message(letters.by_code(code) or abort(404))
    attachment = next(found.iter_attachments(), None)
    if attachment is None:
        abort(404)
    content = attachment.get_payload(decode=True)
    assert isinstance(content, bytes), "a calendar file has no parts"
    return current_app.response_class(content, content_type="text/calendar; charset=utf-8")


def _message(found: Letter) -> mailer.EmailMessage:
    if found.forgotten_at:
        abort(404)
    return mailer.compose(
        found.parcel,
        sender=current_app.config["MAIL_SENDER"],
        sender_name=current_app.config["SITE_NAME"],
        public_url=current_app.config["PUBLIC_URL"],
    )
