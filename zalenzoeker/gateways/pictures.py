"""Pictures that people send: drawn anew, so that nothing of the file is kept but what one sees."""

import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_BYTES = 2 * 1024 * 1024
# A small file can unfold to a huge picture: this many points take some hundred megabytes, and no camera makes more.
MOST_POINTS = 40_000_000
LARGEST, SMALLEST = (1600, 1200), 200
QUALITY = 82
NAME = re.compile(r"[0-9a-f]{32}-\d{1,4}x\d{1,4}\.jpg", re.ASCII)


class NotAPicture(ValueError):
    """No photograph or drawing that we know, broken, or too large or too small to show."""


def drawn_anew(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """The picture as a JPEG of at most LARGEST points, upright, without where and when it was taken; and its size.

    Raises NotAPicture.
    """
    if len(content) > LARGEST_BYTES:
        raise NotAPicture
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_POINTS or min(opened.size) < SMALLEST:
                raise NotAPicture
            opened.draft("RGB", LARGEST)
            drawn = _on_white(ImageOps.exif_transpose(opened))
            drawn.thumbnail(LARGEST)
            written = BytesIO()
            drawn.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        # Whatever is wrong with a file, who sent it can only choose another one.
        raise NotAPicture from error
    return written.getvalue(), drawn.size


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode not in ("RGBA", "LA", "P"):
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


class PictureStore:
    """``folder``: used by nothing else; it is made where it is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Draw a picture anew and keep it; the name of its file, which says how large it is. Raises NotAPicture."""
        drawn, (width, height) = drawn_anew(content)
        name = f"{secrets.token_hex(16)}-{width}x{height}.jpg"
        self._folder.mkdir(parents=True, exist_ok=True)
        half = self._folder / f"{name}.part"
        half.write_bytes(drawn)
        half.rename(self._folder / name)
        return name

    def path(self, name: str) -> Path | None:
        """Where a picture lies; None for a name that is none of ours, or that is gone."""
        found = self._folder / name if NAME.fullmatch(name) else None
        return found if found is not None and found.is_file() else None

    def all(self) -> Iterator[tuple[str, bytes]]:
        """Each picture that is kept, with its name, one at a time."""
        for file in sorted(self._folder.glob("*.jpg")):
            # One that was dropped meanwhile is not missed.
            with suppress(FileNotFoundError):
                yield file.name, file.read_bytes()

    def put_back(self, name: str, content: bytes) -> None:
        """Keep a picture that was kept before, under its name; what has no such name is left."""
        if NAME.fullmatch(name):
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / name).write_bytes(content)

    def drop(self, name: str) -> None:
        """Let a picture go, if it is there."""
        if NAME.fullmatch(name):
            (self._folder / name).unlink(missing_ok=True)
