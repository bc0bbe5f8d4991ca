"""What must be true of a database after every torture, in plain SQL: the site's own code proves nothing here."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

OVERLAPS = """
    SELECT count(*) FROM occupancy AS one JOIN occupancy AS other
    ON one.space_id = other.space_id AND one.id < other.id
    AND one.from_epoch < other.to_epoch AND other.from_epoch < one.to_epoch
"""
# A request that a desk knows of has a date, the spaces of its room at that date, a line on its timeline, and two
# letters: to the asker and to the desk.
HALF = """
    SELECT request.code FROM request WHERE request.status = 'requested' AND (
        (SELECT count(*) FROM occurrence WHERE occurrence.request_id = request.id) <> 1
        OR (SELECT count(*) FROM occurrence
            JOIN room_space ON room_space.room_id = occurrence.room_id
            LEFT JOIN occupancy ON occupancy.occurrence_id = occurrence.id
                AND occupancy.space_id = room_space.space_id AND occupancy.held_until IS NULL
                AND occupancy.from_epoch = occurrence.from_epoch AND occupancy.to_epoch = occurrence.to_epoch
            WHERE occurrence.request_id = request.id AND occupancy.id IS NULL) <> 0
        OR (SELECT count(*) FROM event WHERE event.request_id = request.id) <> 1
        OR (SELECT count(*) FROM letter WHERE letter.request_id = request.id) <> 2
    )
"""
# What is left of a request that is not there.
ORPHANS = """
    SELECT (SELECT count(*) FROM occurrence WHERE request_id NOT IN (SELECT id FROM request))
    + (SELECT count(*) FROM event WHERE request_id NOT IN (SELECT id FROM request))
    + (SELECT count(*) FROM letter WHERE request_id IS NOT NULL AND request_id NOT IN (SELECT id FROM request))
    + (SELECT count(*) FROM occupancy WHERE occurrence_id IS NULL AND programme_id IS NULL AND closure_id IS NULL
        AND diary_id IS NULL)
    + (SELECT count(*) FROM request WHERE status NOT IN ('requested'))
"""
TAKEN = "SELECT from_epoch, to_epoch FROM occupancy WHERE occurrence_id IS NOT NULL"


def rows(database: str, query: str) -> list[tuple]:
    """What a query gives, over a connection of its own."""
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def number(database: str, query: str) -> int:
    return int(rows(database, query)[0][0])


def faults(database: str) -> list[str]:
    """What is wrong after nothing but asking: overlaps, half requests, remains, a damaged file."""
    found = []
    if overlaps := number(database, OVERLAPS):
        found.append(f"{overlaps} overlapping pairs")
    if half := rows(database, HALF):
        found.append(f"{len(half)} half requests, for instance {half[0][0]}")
    if orphans := number(database, ORPHANS):
        found.append(f"{orphans} remains of requests that are not there, or not asked")
    if database.startswith("sqlite"):
        found += _damage(Path(make_url(database).database or ""))
    return found


def _damage(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        integrity = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
        return integrity + [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
