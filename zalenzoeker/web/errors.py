"""Pages that say what went wrong and what to do, for every way a request can fail."""

import logging

from flask import Flask, abort, g, has_request_context, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, ProgrammingError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from zalenzoeker.domain.limits import TooMany
from zalenzoeker.domain.permissions import ANYONE, NotAllowed
from zalenzoeker.domain.requests import NotPossible
from zalenzoeker.services import crew, desks, feed_tokens
from zalenzoeker.services.houses import UnknownHouse
from zalenzoeker.services.wishes import UnknownRequest, UnknownRoom
from zalenzoeker.storage.occupancy import AlreadyTaken

RETRY_AFTER_SECONDS = 10
STATUS_OF: dict[type[Exception], int] = {
    CSRFError: 400,
    NotAllowed: 403,
    UnknownRequest: 404,
    UnknownRoom: 404,
    # Somebody else took it away a moment ago.
    UnknownHouse: 404,
    desks.UnknownDesk: 404,
    crew.UnknownCrew: 404,
    feed_tokens.UnknownCalendar: 404,
    NotPossible: 409,
    AlreadyTaken: 409,
}
OWN_PAGES = {400, 403, 404, 405, 409, 413, 429, 500, 503}


class RuleForAddress(logging.Filter):
    """An address may be a key: what is logged in a visit names its rule, /kalender/mijn/<token>.ics, instead."""

    def filter(self, record: logging.LogRecord) -> bool:
        if has_request_context() and request.url_rule is not None and isinstance(record.msg, str):
            record.msg = record.msg.replace(request.path, request.url_rule.rule)
        return True


RULE_FOR_ADDRESS = RuleForAddress()


def init_app(app: Flask) -> None:
    """Turn every failure into a page; what the services raise is turned into a status in this one place."""
    app.logger.addFilter(RULE_FOR_ADDRESS)
    app.register_error_handler(HTTPException, _by_status)
    for kind, code in STATUS_OF.items():
        app.register_error_handler(kind, lambda _error, code=code: _page(code))
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(DatabaseError, _database_trouble)
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """An address with a NUL in it names nothing, and PostgreSQL cannot even be asked for it."""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(404)


def _by_status(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    answer = make_response(_page(code if code in OWN_PAGES else 500 if code >= 500 else 400))
    answer.status_code = code
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _too_many(error: TooMany) -> ResponseReturnValue:
    answer = make_response(render_template("errors/429.html", minutes=-(-error.retry_after // 60)), 429)
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _database_trouble(error: DatabaseError) -> ResponseReturnValue:
    """A damaged file is trouble of the database; a row it refuses is a fault of ours."""
    if isinstance(error, (IntegrityError, ProgrammingError)):
        raise error
    return _database_away(error)


def _database_away(_error: OperationalError) -> ResponseReturnValue:
    """The database is busy, full or away: not a fault of the visitor, and worth another try."""
    # The page must not ask the database who this is.
    g.actor = ANYONE
    answer = make_response(*_page(503))
    answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def _page(code: int) -> tuple[str, int]:
    return render_template(f"errors/{code}.html"), code
