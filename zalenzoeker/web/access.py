"""Who may open a page: the login manager, the actor of this visit, and the guards every view wears."""

import functools
import hashlib
import secrets
import zlib
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, ParamSpec
from urllib.parse import urlsplit

from flask import abort, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import ANYONE, Actor
from zalenzoeker.storage import accounts
from zalenzoeker.storage.models import Account

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

login_manager = LoginManager()
# It travels in the cookie, compressed, and browsers drop a cookie of more than 4 kB. A series of sixty dates is long,
# but says much the same each time.
LONGEST_WAY_BACK = 4000
LARGEST_IN_COOKIE = 1000


class SignedIn(UserMixin):
    """Flask-Login's view of a person: the account of this visit, and what it may act for."""

    def __init__(self, account: Account, acting: Actor) -> None:
        self.account = account
        self.acting = acting

    def get_id(self) -> str:
        return self.account.code


@login_manager.user_loader
def load_user(code: str) -> SignedIn | None:
    found = accounts.person(code)
    return SignedIn(*found) if found else None


def actor() -> Actor:
    """Who acts in this request, looked up once."""
    if "actor" not in g:
        g.actor = current_user.acting if current_user.is_authenticated else ANYONE
    return g.actor


def own_account() -> Account:
    """The account of a person who has signed in."""
    return current_user.account


def enter(account_code: str) -> None:
    """Sign somebody in, with a new session, so that nothing of before counts for them."""
    found = accounts.person(account_code)
    assert found is not None, "the account was proved a moment ago"
    session.clear()
    session.permanent = True
    login_user(SignedIn(*found))
    # The token of a form belongs to the session: a page written now needs a new one.
    for name in ("actor", "csrf_token"):
        g.pop(name, None)


def leave() -> None:
    """Sign out and forget the visit."""
    logout_user()
    session.clear()
    g.pop("actor", None)


def visitor() -> Visitor:
    """This browser and network address; a browser that has no mark yet gets one in its session."""
    mark = session.setdefault("browser", secrets.token_urlsafe(16))
    return Visitor(
        browser_hash=hashlib.sha256(mark.encode()).hexdigest(),
        address=network_of(request.remote_addr or ""),
        is_limited=current_app.config["RATE_LIMITS"],
    )


def network_of(address: str) -> str:
    """What limits count by: an IPv4 address, the /64 of an IPv6 one (a household), one bucket for the unreadable."""
    try:
        found = ip_address(address.strip("[]"))
    except ValueError:
        return "unreadable"
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def public(view: View[P]) -> View[P]:
    """Anybody may open this page."""
    return _mark(view, "public")


def signed_in(view: View[P]) -> View[P]:
    """Only for people who have signed in; others are asked to, and come back."""
    return _mark(_only_if(view, lambda who: who.is_signed_in), "signed_in")


def desk_only(view: View[P]) -> View[P]:
    """Only for members of a desk."""
    return _mark(_only_if(view, lambda who: who.is_desk_member), "desk_only")


def city_only(view: View[P]) -> View[P]:
    """Only for members of the city desk."""
    return _mark(_only_if(view, lambda who: who.is_city), "city_only")


def demonstration_only(view: View[P]) -> View[P]:
    """Only there while the site is a demonstration."""

    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not current_app.config["DEMO"]:
            abort(404)
        return view(*args, **kwargs)

    return _mark(guarded, "demonstration_only")


def _mark(view: View[P], name: str) -> View[P]:
    view.guard = name
    return view


def _only_if(view: View[P], may: Callable[[Actor], bool]) -> View[P]:
    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        who = actor()
        if not who.is_signed_in:
            flash(_("Sign in first. After that you come back here."))
            return redirect(url_for("accounts.sign_in", verder=here()))
        if not may(who):
            abort(403)
        return view(*args, **kwargs)

    return guarded


def here() -> str:
    """This page's own address, to come back to; a page that only takes a post has none."""
    return request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else url_for("pages.landing")


def way_back(address: str | None) -> str:
    """A place on this site to go on to: anything that could lead elsewhere becomes the page of one's own requests."""
    fallback = url_for("accounts.mine")
    if (
        not address
        or len(address) > LONGEST_WAY_BACK
        or len(zlib.compress(address.encode(errors="replace"))) > LARGEST_IN_COOKIE
        or not address.startswith("/")
        or address.startswith(("//", "/\\"))
    ):
        return fallback
    if any(ord(letter) < 32 or letter == "\\" for letter in address):
        return fallback
    parts: Any = urlsplit(address)
    return fallback if parts.scheme or parts.netloc else address
