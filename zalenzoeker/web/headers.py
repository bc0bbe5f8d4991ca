"""What every answer carries: a strict content policy and the other headers that keep a visit safe."""

from typing import Any

from flask import Flask, Request, Response, current_app, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin

HSTS = "max-age=31536000"
# The one address that other sites may put in a frame.
FRAMED = "/agenda/inbedden/kader"
FRAME_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors *"
)


class Visits(SecureCookieSessionInterface):
    """Visits in a signed cookie; whoever looks at a frame on somebody else's page makes none.

    What signs them is made once for the site, not once for every answer.
    """

    def __init__(self) -> None:
        self._serializer: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        return self.session_class() if request.path == FRAMED else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.path != FRAMED:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Put the headers on every answer of this app."""
    tiles = app.config["MAP_TILES"]["origin"]
    app.config["CONTENT_POLICY"] = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: {tiles}".strip(),
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
    app.session_interface = Visits()
    app.after_request(add)


def framing(answer: Response) -> Response:
    """Let any site put this answer in a frame: only for what knows no visitor and takes nothing in."""
    answer.headers["Content-Security-Policy"] = FRAME_POLICY
    return answer


def add(response: Response) -> Response:
    """Never weaker than this; a private page is never kept by a cache."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", current_app.config["CONTENT_POLICY"])
    headers["X-Content-Type-Options"] = "nosniff"
    # Tile servers want to see the site's own address, but never the path of a private page.
    headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint in KEYS:
        # Also where it says that it knows no such address.
        headers.setdefault("Cache-Control", "private, no-cache")
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(self)"
    if current_app.config["IS_HTTPS"]:
        headers["Strict-Transport-Security"] = HSTS
    if request.endpoint in PRIVATE or "_user_id" in session:
        headers["Cache-Control"] = "no-store"
        headers["X-Robots-Tag"] = "noindex"
    elif "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-cache"
    if request.endpoint in PRIVATE:
        # Not `no-referrer`: over https the check of a form's token wants to see that the form came from this site.
        headers["Referrer-Policy"] = "same-origin"
    if request.endpoint in KEYS:
        headers["Referrer-Policy"] = "no-referrer"
        headers["X-Robots-Tag"] = "noindex"
    return response


# Addresses that are keys themselves, and hold no form.
KEYS = frozenset({"private_feeds.mine", "private_feeds.desk"})
# Pages whose address alone opens them, or that show what was typed.
PRIVATE = frozenset(
    {
        "asking.new",
        "requests.show",
        "from_mail.show",
        "from_mail.decide",
        "from_mail.undo",
        "not_needed.show",
        "not_needed.let_go",
        "stopping.show",
        "stopping.stop",
        "waiting.show",
        "waiting.accept_by_letter",
        "waiting.leave_by_letter",
        "accounts.sign_in",
        "accounts.code",
        "accounts.link",
        "associations.join",
        "weekly.asked",
        "weekly.confirm",
        "weekly.choices",
        "weekly.unsubscribe",
        "demo.letter_box",
        "demo.letter",
        "demo.letter_html",
    }
)
