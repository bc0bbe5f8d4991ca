"""Several people at once: each in a thread of their own, with a database connection of their own."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from zalenzoeker.storage.db import db

PATIENCE = 20.0


def together(app: Flask, *deeds: Callable[[], Any]) -> list[Any]:
    """Start all deeds at the same moment; returns, in their order, what each returned or the exception it raised."""
    db.session.close()
    start = threading.Barrier(len(deeds))
    outcomes: list[Any] = [TimeoutError("a deed did not end")] * len(deeds)

    def run(number: int, deed: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait(PATIENCE)
            try:
                outcomes[number] = deed()
            except Exception as error:  # noqa: BLE001 -- the test looks at whatever it was
                outcomes[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=one, daemon=True) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return outcomes
