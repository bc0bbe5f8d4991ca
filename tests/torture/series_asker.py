"""Some of many who each ask for a whole year at the same moment, as a program: says `ready`, and waits for `go`."""

import json
import sys
import threading
from datetime import date, time
from typing import Any

from flask import Flask

from tests.builders import NOW, make_series_wish
from tests.race import outcome_of
from zalenzoeker.app import create_app
from zalenzoeker.config import Config
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.series import Pattern, PatternKind
from zalenzoeker.services import requests as asking
from zalenzoeker.services.wishes import Receipt, Refused, Wish
from zalenzoeker.storage import accounts, rooms
from zalenzoeker.storage.db import db

WEEKS = 52


def wish_of(one: dict[str, Any]) -> Wish:
    starts, ends = (time.fromisoformat(moment) for moment in one["hours"])
    pattern = Pattern(PatternKind.WEEKLY, date.fromisoformat(one["first"]), starts, ends, count=WEEKS)
    found = rooms.by_ids(set(one["rooms"]))
    wish = make_series_wish(*(found[key] for key in one["rooms"]), pattern=pattern, contact_email=one["email"])
    return Wish(**{**vars(wish), "form_key": f"series-{one['number']}"})


def in_a_word(outcome: object) -> str:
    match outcome:
        case Receipt():
            return "asked"
        case Refused():
            return "refused" if outcome.obstacles or outcome.was_lost else "refused for nothing"
    return repr(outcome)


def ask(app: Flask, one: dict[str, Any], wish: Wish, go: threading.Event, said: list[str]) -> None:
    with app.app_context():
        account = accounts.by_email(one["email"])
        assert account is not None
        by = accounts.actor(account)
        db.session.remove()
        go.wait()
        found = outcome_of(lambda: asking.ask(wish, by=by, now=NOW, visitor=Visitor(is_limited=False)))
        said.append(in_a_word(found))
        db.session.remove()


def main() -> None:
    plan = json.loads(sys.stdin.readline())
    app = create_app(Config(database_url=plan["database"], secret_key="only to ask for many series at once: secret."))
    go, said = threading.Event(), []
    with app.app_context():
        wishes = [wish_of(one) for one in plan["series"]]
        db.session.remove()
    threads = [
        threading.Thread(target=ask, args=(app, one, wish, go, said))
        for one, wish in zip(plan["series"], wishes, strict=True)
    ]
    for thread in threads:
        thread.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    go.set()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
