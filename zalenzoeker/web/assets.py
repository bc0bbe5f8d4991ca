"""Built files: from the name in a template to the hashed file that is served."""

import json
from collections.abc import Callable
from pathlib import Path

from flask import Flask


class NotBuilt(RuntimeError):
    """The front end was not built, or does not know this file."""


def namer(dist: Path) -> Callable[[str], str]:
    """What gives the address of a file built into this folder; it raises NotBuilt, which names the command.

    The manifest is read once: WhiteNoise too serves the files that were there when the site started.
    """
    file = dist / "manifest.json"
    manifest: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}

    def asset(name: str) -> str:
        if name not in manifest:
            raise NotBuilt(f"{name} is not in {file}: run `make assets`, and start the site again.")
        return f"/static/{manifest[name]}"

    return asset


def init_app(app: Flask, dist: Path) -> None:
    """Teach the templates to name built files."""
    app.jinja_env.globals["asset"] = namer(dist)
