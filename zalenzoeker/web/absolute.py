"""Addresses with the name of the site, for what is read elsewhere."""

from typing import Any

from flask import current_app, url_for


def absolute(endpoint: str, **values: Any) -> str:
    """The whole address of a page, as a calendar or a letter must have it."""
    return f"{current_app.config['PUBLIC_URL']}{url_for(endpoint, **values)}"
