"""Signing in without passwords: a code by mail, tied to the browser that asked for it."""

import hmac
import secrets
from datetime import datetime, timedelta

from zalenzoeker.domain.limits import Limited, Visitor
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.services import notices
from zalenzoeker.services.tokens import hash_of, new_token
from zalenzoeker.storage import accounts, limits
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Account, SignInCode

CODE_LIVES = timedelta(minutes=10)
LINK_LIVES = timedelta(minutes=30)
MAX_TRIES = 5
# A link from the command line is bound to no browser: whoever holds it is the person who runs the server.
ANY_BROWSER = "link"


class WrongCode(Exception):
    """Not the code that was sent; so many tries are left."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"{tries_left} tries left")
        self.tries_left = tries_left


class NoLiveCode(Exception):
    """No code can be used here: it is too old, was used, had too many tries, or was asked in another browser."""


def send_code(email: str, *, visitor: Visitor, now: datetime) -> None:
    """Mail a code to an address; the same for an address nobody knows. Raises TooMany."""
    with write_unit():
        issue_code(email.casefold(), visitor=visitor, now=now)


def issue_code(email: str, *, visitor: Visitor, now: datetime) -> None:
    """Write the code and its letter, inside a write unit; older codes of this browser end. Raises TooMany."""
    limits.spend(Limited.CODE_FOR_EMAIL_AND_ADDRESS, f"{email} {visitor.address}", now, visitor)
    limits.spend(Limited.CODE_FOR_EMAIL, email, now, visitor)
    limits.spend(Limited.CODE_FOR_EMAIL_A_DAY, email, now, visitor)
    limits.spend(Limited.CODE_FOR_ADDRESS, visitor.address, now, visitor)
    accounts.void_codes(email, visitor.browser_hash, now)
    code = f"{secrets.randbelow(10**6):06d}"
    _add_code(email, code, visitor.browser_hash, now, CODE_LIVES)
    minutes = int(CODE_LIVES.total_seconds() // 60)
    notices.sign_in_code(email, code, minutes=minutes, event_key=f"code:{secrets.token_hex(8)}", now=now)


def _add_code(email: str, secret: str, browser_hash: str, now: datetime, lives: timedelta) -> None:
    db.session.add(
        SignInCode(
            email=email,
            code_hash=hash_of(f"{browser_hash}:{secret}"),
            browser_hash=browser_hash,
            created_at=now,
            expires_at=now + lives,
        )
    )


def sign_in(code: str, *, visitor: Visitor, now: datetime) -> str:
    """Prove the address with the six digits; returns the account's code. A wrong try is counted even though it fails.

    Raises WrongCode, NoLiveCode, TooMany.
    """
    wrong: WrongCode | None = None
    with write_unit():
        limits.spend(Limited.TRY_FOR_ADDRESS, visitor.address, now, visitor)
        live = accounts.live_code(visitor.browser_hash, now)
        if live is None or live.tries >= MAX_TRIES:
            raise NoLiveCode
        live.tries += 1
        if hmac.compare_digest(live.code_hash, hash_of(f"{visitor.browser_hash}:{code}")):
            live.used_at = now
            return account_of(live.email, now).code
        wrong = WrongCode(MAX_TRIES - live.tries)
    raise wrong


def account_of(email: str, now: datetime) -> Account:
    """The account of a proved address, made at its first proof; inside a write unit."""
    known = accounts.by_email(email)
    return known or accounts.add(Account(code=secrets.token_urlsafe(16), email=email, created_at=now))


def make_link(email: str, *, now: datetime) -> str:
    """A one-time token to sign in with, for the person who runs the server."""
    token = new_token()
    with write_unit():
        account_of(email.casefold(), now)
        _add_code(email.casefold(), token, ANY_BROWSER, now, LINK_LIVES)
    return token


def follow_link(token: str, *, now: datetime) -> str:
    """Use a one-time token; returns the account's code. Raises NoLiveCode."""
    with write_unit():
        live = accounts.live_link(hash_of(f"{ANY_BROWSER}:{token}"), now)
        if live is None:
            raise NoLiveCode
        live.used_at = now
        return account_of(live.email, now).code


def remember(by: Actor, *, name: str, phone: str) -> None:
    """Keep the name and telephone a person gives of themselves, for the next form; inside a write unit."""
    accounts.keep_contact(by.account_id, name=name, phone=phone)
