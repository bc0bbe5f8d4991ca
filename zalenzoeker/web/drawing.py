"""The project's own drawing of the neighbourhoods, read once."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def sketch() -> dict[str, Any]:
    """Cells, watercourses and places for pins, as ``gateways.schematic`` drew them."""
    return json.loads(files("zalenzoeker.data").joinpath("schematic.json").read_text("utf-8"))
