"""The signed links by which a reader ends a daily letter, or reminders."""

from flask import current_app
from itsdangerous import BadSignature, Signer


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="no more of these letters")


def token_of(code: str) -> str:
    """What stands in the link of the letter with this code: nobody else can make it, and nothing is kept of it."""
    return _signer().sign(code).decode()


def code_of(token: str) -> str | None:
    """The code of the letter with this link; None when we did not write it."""
    try:
        return _signer().unsign(token).decode()
    except BadSignature:
        return None
