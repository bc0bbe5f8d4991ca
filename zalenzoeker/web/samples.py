"""Every kind of letter as its reader would get it, with made-up facts: for the city desk."""

import base64
import hashlib

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from zalenzoeker import clock
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.gateways import mailer, sample_letters
from zalenzoeker.web.access import city_only
from zalenzoeker.web.desk_page import bar
from zalenzoeker.web.letter_words import letter_name

blueprint = Blueprint("samples", __name__, url_prefix="/balie/post/voorbeelden")


@blueprint.get("")
@city_only
def index() -> ResponseReturnValue:
    kinds = [(kind.value, letter_name(kind), kind in sample_letters.TO_DESK) for kind in LetterKind]
    return render_template("samples/index.html", kinds=kinds, **bar())


@blueprint.get("/<kind>")
@city_only
def show(kind: str) -> ResponseReturnValue:
    message = _message(kind)
    body = message.get_body(("plain",))
    answer = current_app.make_response(
        render_template(
            "samples/show.html",
            kind=kind,
            name=letter_name(kind),
            subject=message["Subject"],
            text=body.get_content() if body else "",
            **bar(),
        )
    )
    # Only here, and only our own page, in a frame in which no script runs.
    answer.headers["Content-Security-Policy"] = f"{current_app.config['CONTENT_POLICY']}; frame-src 'self'"
    return answer


@blueprint.get("/<kind>/html")
@city_only
def html(kind: str) -> ResponseReturnValue:
    """The HTML of a letter, as a mail program gets it; only its own style sheet may speak in it."""
    body = _message(kind).get_body(("html",))
    assert body is not None, "every letter has both forms"
    content = body.get_content()
    style = content.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    answer = current_app.response_class(content)
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'self'; sandbox"
    )
    return answer


def _message(kind: str) -> mailer.EmailMessage:
    if kind not in set(LetterKind):
        abort(404)
    config = current_app.config
    parcel = sample_letters.sample(LetterKind(kind), clock.now())
    return mailer.compose(
        parcel, sender=config["MAIL_SENDER"], sender_name=config["SITE_NAME"], public_url=config["PUBLIC_URL"]
    )
