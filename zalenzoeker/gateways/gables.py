"""The front of a house, taken out of the sprite so that it stands by itself on paper."""

import re
from functools import cache
from pathlib import Path

# The colours by which the sprite names them, as paper has them.
COLOURS = {"lamp": "#ffb51f", "ink-2": "#455962", "mist-2": "#e4ecf0"}
# Where in the drawing of a street the house stands, without its neighbours.
FRAME = "100 15 180 195"


@cache
def front(sprite: Path, name: str, colour: str) -> str:
    """The drawing with this name as an SVG in its deep colour, with its lamp on. Raises KeyError when there is none."""
    found = re.search(rf'<symbol id="{re.escape(name)}"[^>]*>(.*?)</symbol>', sprite.read_text("utf-8"), re.DOTALL)
    if found is None:
        raise KeyError(name)
    drawn = re.sub(r"var\(--([\w-]+)[^)]*\)", lambda name: COLOURS[name[1]], found[1]).replace("currentColor", colour)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{FRAME}">{drawn}</svg>'
