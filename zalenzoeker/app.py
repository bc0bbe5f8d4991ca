"""Puts the house together: the only file that knows every floor."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context
from flask_babel import get_locale
from flask_compress import Compress
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from zalenzoeker import cli, clock
from zalenzoeker.config import ROOT, Config
from zalenzoeker.gateways import inbox
from zalenzoeker.gateways.feed_pace import FeedPace
from zalenzoeker.gateways.feed_store import FeedStore
from zalenzoeker.gateways.mail_server import mail
from zalenzoeker.gateways.pictures import PictureStore
from zalenzoeker.storage.db import db
from zalenzoeker.web import (
    access,
    accounts,
    activities,
    advice,
    agreeing,
    asking,
    assets,
    associations,
    behalf,
    board,
    board_own,
    closures,
    crew,
    daily,
    demo,
    desk,
    diaries,
    embedding,
    errors,
    feeds,
    from_mail,
    handover,
    headers,
    house,
    house_hours,
    house_letters,
    house_room,
    house_text,
    kept,
    language,
    logbook,
    mail_stop,
    members,
    moments,
    not_needed,
    occurrences,
    pages,
    post,
    poster,
    printing,
    private_feeds,
    proposals,
    publishing,
    requests,
    rooms,
    routing,
    rulebook,
    samples,
    screen,
    search,
    series,
    shielding,
    stopping,
    talking,
    venues,
    waiting,
    weekly,
    wording,
)

# A form may bring this much: a field of a megabyte gets its page and its error, more than this only the error.
LARGEST_FORM = 2 * 1024 * 1024
VISIT = timedelta(days=30)
FOREVER_SECONDS = 365 * 24 * 3600
DIST = ROOT / "static" / "dist"
PAGES = (
    pages,
    venues,
    poster,
    screen,
    embedding,
    rooms,
    moments,
    search,
    asking,
    behalf,
    printing,
    post,
    samples,
    series,
    shielding,
    requests,
    occurrences,
    waiting,
    accounts,
    associations,
    desk,
    talking,
    board,
    board_own,
    proposals,
    agreeing,
    from_mail,
    not_needed,
    stopping,
    advice,
    house,
    house_text,
    house_letters,
    house_hours,
    house_room,
    logbook,
    mail_stop,
    members,
    handover,
    closures,
    diaries,
    crew,
    daily,
    routing,
    rulebook,
    activities,
    publishing,
    feeds,
    private_feeds,
    weekly,
    demo,
)


def create_app(config: Config | None = None) -> Flask:
    """The site with these settings; without any, with those of the environment."""
    config = config or Config.from_environment(os.environ)
    app = Flask("zalenzoeker", root_path=str(Path(__file__).parent), template_folder="../templates", static_folder=None)
    app.config.update(flask_settings(config))
    app.extensions["config"] = config
    app.extensions["now"] = clock.now
    sender = app.config["MAIL_SENDER"]
    app.extensions["feed_store"] = FeedStore(config.var_dir / "feeds")
    app.extensions["feed_pace"] = FeedPace(config.var_dir / "feeds")
    # A store of its own: who walks through all weeks of all places pushes out posters, never feeds.
    app.extensions["poster_store"] = FeedStore(config.var_dir / "posters")
    app.extensions["picture_store"] = PictureStore(config.var_dir / "pictures")
    app.extensions["inbox"] = inbox.at(config.mail_inbox, sender=sender) if config.mail_inbox else None
    clock.set_file(config.demo_clock)
    _set_up_templates(app, config)
    _set_up_extensions(app)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    errors.init_app(app)
    headers.init_app(app)
    cli.init_app(app)
    _set_up_serving(app, config)
    return app


def flask_settings(config: Config) -> dict[str, Any]:
    """Our settings by the names that Flask and its extensions know, and those that pages read."""
    mail_settings: dict[str, Any] = {}
    if config.mail:
        mail_settings = {
            "MAIL_SERVER": config.mail.server,
            "MAIL_PORT": config.mail.port,
            "MAIL_USERNAME": config.mail.username,
            "MAIL_PASSWORD": config.mail.password,
            "MAIL_USE_TLS": config.mail.use_tls,
        }
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {} if config.database_url.startswith("sqlite") else {"pool_pre_ping": True},
        "MAX_CONTENT_LENGTH": LARGEST_FORM,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "SESSION_COOKIE_NAME": "__Host-bezoek" if config.is_https else "bezoek",
        "SESSION_COOKIE_SECURE": config.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": VISIT,
        # The token lives as long as the session: a form left open over lunch still works.
        "WTF_CSRF_TIME_LIMIT": None,
        # Brotli makes the smallest pages of those that browsers take.
        "COMPRESS_ALGORITHM": ["br", "zstd", "gzip"],
        # A step more than usual: a tenth less of a long table, for a fifth of a millisecond.
        "COMPRESS_BR_LEVEL": 5,
        # What is answered while a visitor waits; built files lie compressed on the disk already.
        "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/calendar", "application/json"],
        "BABEL_DEFAULT_LOCALE": "nl",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Brussels",
        "PORT": config.port,
        "PUBLIC_URL": config.public_url,
        "IS_HTTPS": config.is_https,
        "RATE_LIMITS": config.rate_limits,
        "DEMO": config.demo,
        "BUSY_FEED_HOSTS": config.busy_feed_hosts,
        "MAP_TILES": {
            "url": config.map_tiles_url,
            "attribution": config.map_tiles_attribution,
            "origin": config.map_tiles_origin or "",
        },
        "STATIC_FILES": ROOT / "static",
        "SITE_NAME": config.site_name,
        "SITE_LOGO": config.site_logo,
        "SITE_ACCENT": config.site_accent,
        "MAIL_SENDER": config.mail.sender if config.mail else "zalenzoeker@localhost",
        **mail_settings,
    }


def _set_up_templates(app: Flask, config: Config) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    wording.init_app(app)
    assets.init_app(app, DIST)
    site = {
        "name": config.site_name,
        "logo": bool(config.site_logo),
        "accent": config.site_accent if config.site_accent != Config.site_accent else None,
        "is_demo": config.demo,
    }
    app.jinja_env.globals.update(site=site, get_locale=get_locale, written_once=kept.written_once)
    # A letter is written out by the worker, where nobody visits.
    app.context_processor(lambda: {"actor": access.actor()} if has_request_context() else {})


def _set_up_extensions(app: Flask) -> None:
    db.init_app(app)
    mail.init_app(app)
    language.init_app(app)
    # Mail programs end a daily letter and a subscription without a visit (RFC 8058): the link itself is the key.
    csrf = CSRFProtect(app)
    csrf.exempt(stopping.stop)
    csrf.exempt(weekly.unsubscribe)
    Compress(app)
    # Templates know the actor; Flask-Login's own variable would ask a database that may be away.
    access.login_manager.init_app(app, add_context_processor=False)


def _set_up_serving(app: Flask, config: Config) -> None:
    """Built files by WhiteNoise, with a far expiry because their names change with their contents; the real address."""
    served = WhiteNoise(
        app.wsgi_app, autorefresh=app.debug, max_age=FOREVER_SECONDS, immutable_file_test=lambda _path, _url: True
    )
    if DIST.is_dir():
        served.add_files(str(DIST), prefix="static/dist/")
    app.wsgi_app = served
    if config.trusted_proxies:
        count = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
