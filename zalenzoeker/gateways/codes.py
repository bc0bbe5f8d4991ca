"""An address as a square that telephones read."""

from functools import lru_cache
from io import BytesIO

import segno

DARK = "#0d2a38"
# What every code needs around it; a paler edge is not seen as one.
EDGE = 4


@lru_cache(maxsize=500)
def square(address: str) -> str:
    """The address as an SVG; a quarter of it may be dirty or torn."""
    drawing = BytesIO()
    code = segno.make(address, error="q", micro=False)
    code.save(drawing, kind="svg", border=EDGE, dark=DARK, light="#fff", xmldecl=False, nl=False, omitsize=True)
    return drawing.getvalue().decode()
