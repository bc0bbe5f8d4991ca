"""Built files: from the name in a template to the hashed file that is served."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask


class NotBuilt(RuntimeError):
    """The front end was not built, or does not know this file."""


@cache
def _manifest(file: Path, stamp: int) -> dict[str, Any]:
    return json.loads(file.read_text("utf-8")) if stamp else {}


def _stamp(file: Path) -> int:
    """When the manifest was made: a build while the site runs is seen at once."""
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def namer(dist: Path) -> Callable[[str], str]:
    """What gives the address of a file built into this folder; it raises NotBuilt, which names the command."""
    manifest = dist / "manifest.json"

    def asset(name: str) -> str:
        path = _manifest(manifest, _stamp(manifest)).get(name)
        if path is None:
            raise NotBuilt(f"{name} is not in {manifest}: run `make assets`.")
        return f"/static/{path}"

    return asset


def init_app(app: Flask, dist: Path) -> None:
    """Teach the templates to name built files."""
    app.jinja_env.globals["asset"] = namer(dist)
