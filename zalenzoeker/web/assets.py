"""Built files: from the name in a template to the hashed file that is served."""

import json
from functools import cache
from typing import Any

from flask import Flask

from zalenzoeker.config import ROOT

DIST = ROOT / "static" / "dist"


class NotBuilt(RuntimeError):
    """The front end was not built, or does not know this file."""


def asset(name: str) -> str:
    """The address of a built file. Raises NotBuilt, which names the command."""
    path = _manifest(_stamp()).get(name)
    if path is None:
        raise NotBuilt(f"{name} is not in {DIST}/manifest.json: run `make assets`.")
    return f"/static/{path}"


def _stamp() -> int:
    """When the manifest was made: a build while the site runs is seen at once."""
    try:
        return (DIST / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@cache
def _manifest(stamp: int) -> dict[str, Any]:
    return json.loads((DIST / "manifest.json").read_text("utf-8")) if stamp else {}


def init_app(app: Flask) -> None:
    """Teach the templates to name built files."""
    app.jinja_env.globals["asset"] = asset
