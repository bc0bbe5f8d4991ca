"""Several people at once: each in a thread of their own, with a database connection of their own."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import Connection, event

from zalenzoeker.storage.db import db

PATIENCE = 20.0
# Whoever has not come to the next point by then, in seconds, waits for a lock.
GRACE = 0.008
ENDED = "ends"


def outcome_of(deed: Callable[[], Any]) -> Any:
    """What it returned, or the exception it raised."""
    try:
        return deed()
    except Exception as error:  # noqa: BLE001 -- whatever it was, the test compares it with what had to come
        return error


def together(app: Flask, *deeds: Callable[[], Any]) -> list[Any]:
    """Start all deeds at the same moment; returns, in their order, what each returned or the exception it raised."""
    db.session.close()
    start = threading.Barrier(len(deeds))
    outcomes: list[Any] = [TimeoutError("a deed did not end")] * len(deeds)

    def run(number: int, deed: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait(PATIENCE)
            outcomes[number] = outcome_of(deed)
            db.session.remove()

    threads = [threading.Thread(target=run, args=one, daemon=True) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return outcomes


@dataclass
class Interleaving:
    """Some people whose deeds are stopped at named points, and let go on one at a time in an order of one's choice.

    Of every write unit: `opens` (before it begins), `locks` (before it waits for others of its rooms), `reads`,
    `writes` (before the first of each) and `commits`.
    """

    app: Flask
    chance: Random
    story: list[str] = field(default_factory=list)
    _here: threading.local = field(default_factory=threading.local)
    _news: "queue.SimpleQueue[tuple[str, str]]" = field(default_factory=queue.SimpleQueue)
    _gates: dict[str, threading.Semaphore] = field(default_factory=dict)

    def of(self, **deeds: Callable[[], Any]) -> dict[str, Any]:
        """Do them all; returns by name what each returned or the exception it raised."""
        db.session.close()
        outcomes: dict[str, Any] = {}
        self._gates = {name: threading.Semaphore(0) for name in deeds}
        engine = db.engine
        hooks = [("begin", self._at_begin), ("before_cursor_execute", self._at_statement), ("commit", self._at_commit)]
        for name, hook in hooks:
            event.listen(engine, name, hook, insert=True)
        try:
            threads = [threading.Thread(target=self._run, args=(*one, outcomes), daemon=True) for one in deeds.items()]
            for thread in threads:
                thread.start()
            self._conduct(set(deeds))
            for thread in threads:
                thread.join(PATIENCE)
        finally:
            for name, hook in hooks:
                event.remove(engine, name, hook)
        return outcomes

    def _run(self, name: str, deed: Callable[[], Any], outcomes: dict[str, Any]) -> None:
        self._here.name, self._here.passed = name, set()
        with self.app.app_context():
            self._reach("starts")
            outcomes[name] = outcome_of(deed)
            db.session.remove()
            self._news.put((name, ENDED))

    def _conduct(self, under_way: set[str]) -> None:
        """Let one of those who stand at a point go on, again and again; whoever waits for a lock is left waiting."""
        standing: set[str] = set()
        while under_way:
            if standing:
                name = self.chance.choice(sorted(standing))
                standing.remove(name)
                self._gates[name].release()
            grace = GRACE if standing else PATIENCE
            while True:
                try:
                    name, point = self._news.get(timeout=grace)
                except queue.Empty:
                    assert standing, f"they wait for each other: {self.story}"
                    break
                self.story.append(f"{name} {point}")
                if point is ENDED:
                    under_way.discard(name)
                else:
                    standing.add(name)
                if self._news.empty() and (standing or not under_way):
                    break

    def _reach(self, point: str) -> None:
        name = getattr(self._here, "name", None)
        if name is None or point in self._here.passed:
            return
        self._here.passed.add(point)
        self._news.put((name, point))
        self._gates[name].acquire(timeout=PATIENCE)

    def _at_begin(self, connection: Connection) -> None:
        if getattr(self._here, "name", None) and connection.get_execution_options().get("sqlite_begin"):
            self._here.passed, self._here.is_writing = set(), True
            self._reach("opens")

    def _at_statement(self, *event_of: Any) -> None:
        if not getattr(self._here, "is_writing", False):
            return
        words = event_of[2].lstrip()
        if "pg_advisory_xact_lock" in words:
            self._reach("locks")
        elif words.startswith("SELECT"):
            self._reach("reads")
        elif words.startswith(("INSERT", "UPDATE", "DELETE")):
            self._reach("writes")

    def _at_commit(self, _connection: Connection) -> None:
        if getattr(self._here, "is_writing", False):
            self._reach("commits")
            self._here.is_writing = False
