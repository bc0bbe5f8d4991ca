"""What every answer carries: a strict content policy and the other headers that keep a visit safe."""

from flask import Flask, Response, current_app, request, session

HSTS = "max-age=31536000"


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
    app.after_request(add)


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
