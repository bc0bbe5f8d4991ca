"""The poster of a week as a PDF: values in, bytes out."""

import importlib
import json
import threading
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

# Another form of the same values: what was kept of before is made anew.
FORM = 1
# With headings, a title and a language that screen readers know; a letter that none of the fonts has breaks that norm.
NORM = "ua-1"
_alone = threading.Lock()


def write(facts: dict[str, Any], fonts: Path) -> bytes:
    """The sheets of these facts as a tagged PDF with its fonts in it; the same facts always give the same bytes.

    ``facts``: what ``data/poster.typ`` reads. ``fonts``: the folder with the built ones; no others are used.
    """
    # Loaded only when a poster is asked for: it weighs as much as the rest of a process.
    typst = importlib.import_module("typst")
    options = {
        "input": _sheet(),
        "font_paths": _fonts(fonts),
        "ignore_system_fonts": True,
        "sys_inputs": {"facts": json.dumps(facts, ensure_ascii=False)},
    }
    # One at a time: the next one is ready in the time in which two would be in each other's way.
    with _alone:
        try:
            return bytes(typst.compile(**options, pdf_standards=[NORM]))
        except typst.TypstError:
            return bytes(typst.compile(**options))


@cache
def _sheet() -> bytes:
    return files("zalenzoeker.data").joinpath("poster.typ").read_bytes()


@cache
def _fonts(folder: Path) -> Any:
    typst = importlib.import_module("typst")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
