"""Pictures are drawn anew: what is no picture is refused, and nothing of the file is kept but what one sees."""

from io import BytesIO

import pytest
from PIL import Image

from zalenzoeker.gateways.pictures import LARGEST_BYTES, NotAPicture, PictureStore, drawn_anew

RED = (200, 30, 30)


def picture(size=(640, 480), kind="JPEG", mode="RGB", colour=RED, **options):
    written = BytesIO()
    Image.new(mode, size, colour).save(written, kind, **options)
    return written.getvalue()


def opened(content):
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_written_anew_as_jpeg(kind):
    content, size = drawn_anew(picture(kind=kind))
    assert (opened(content).format, opened(content).size, size) == ("JPEG", (640, 480), (640, 480))


def test_large_picture_becomes_as_large_as_a_page_needs():
    assert drawn_anew(picture((3000, 1500)))[1] == (1600, 800)


def test_where_and_when_a_picture_was_taken_is_not_kept_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (51.0, 3.0, 0.0)}
    exif[0x010E] = "thuis bij An"
    content, size = drawn_anew(picture((640, 480), exif=exif))
    assert (size, dict(opened(content).getexif()), b"thuis" in content) == ((480, 640), {}, False)


def test_see_through_picture_gets_a_white_ground():
    content, _size = drawn_anew(picture(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0)))
    assert opened(content).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    "what,content",
    [
        ("nothing", b""),
        ("words", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("half a picture", picture()[:400]),
        ("a moving picture", picture(kind="GIF")),
        ("a page that calls itself a picture", b"\x89PNG\r\n\x1a\n<html>"),
        ("one too small to see", picture((100, 100))),
        ("one of too many points", picture((9000, 9000), kind="PNG")),
        ("too many bytes", picture() + b"\0" * LARGEST_BYTES),
    ],
)
def test_what_cannot_be_shown_is_refused(what, content):
    with pytest.raises(NotAPicture):
        drawn_anew(content)


def test_store_names_files_itself_and_gives_nothing_else(tmp_path):
    store = PictureStore(tmp_path / "pictures")
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    name = store.keep(picture())
    found = store.path(name)
    assert (name.endswith("-640x480.jpg"), found.parent, opened(found.read_bytes()).size) == (
        True,
        tmp_path / "pictures",
        (640, 480),
    )
    assert [store.path(one) for one in ("../secret.jpg", "secret.jpg", "", f"{name}.part", "a" * 32)] == [None] * 5
    store.drop("../secret.jpg")
    store.drop(name)
    assert (store.path(name), (tmp_path / "secret.jpg").exists()) == (None, True)
