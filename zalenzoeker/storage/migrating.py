"""Where Flask-Migrate finds the tables and their migrations; who imports this loads Alembic, ten megabytes of it."""

from flask import Flask
from flask_migrate import Migrate

from zalenzoeker.storage.db import db
from zalenzoeker.storage.schema import MIGRATIONS


def init_app(app: Flask) -> None:
    """Give `flask db` and Flask-Migrate's functions what they need; a site that runs needs neither."""
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
