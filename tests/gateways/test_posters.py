"""What a poster is made of: its sheets, the square that telephones read, the front of the house."""

import re
from pathlib import Path

import pytest
import segno

from zalenzoeker.domain import poster
from zalenzoeker.domain.poster import Format
from zalenzoeker.gateways import codes, gables, posters

ROOT = Path(__file__).parents[2]
SPRITE, FONTS = ROOT / "static" / "img" / "icons.svg", ROOT / "static" / "dist" / "print"
ADDRESS = "https://zalen.example/locaties/open-huis-drongen#feed"


def facts(*titles, sheet=Format.A4, **changes):
    """Return what the sheet reads: a Monday with these titles."""
    row = {"starts": "9.00", "ends": "tot 12.00", "place": "", "is_cancelled": False, "mark": ""}
    days = [{"name": "ma", "date": "11 jan", "events": [{**row, "title": one}]} for one in titles]
    said = ("title", "site", "place", "heading", "period", "welcome", "empty", "empty-more", "goes-on")
    return {
        **{name: name for name in said},
        "lang": "nl",
        "house": gables.front(SPRITE, "g-ldc", "#75378f"),
        "days": days,
        "pages": "Blad {page} van {pages}",
        "foot": {"call": "call", "lines": ["scan"], "code": codes.square(ADDRESS), "alt": "QR"},
        "sheet": {"format": sheet, "colour": "#75378f", "sizes": poster.sizes(sheet), "nearby": poster.nearby()},
        **changes,
    }


def fonts_of(pdf):
    """Return the names of the fonts that lie in a PDF."""
    return {name.decode() for name in re.findall(rb"/FontName/[A-Z]{6}\+([\w-]+)", pdf)}


@pytest.mark.parametrize(
    "title, font",
    [
        ("Soepcafé", "fira-sans-latin-SemiBold"),
        ("Ștefan çağırıyor", "fira-sans-latin-ext-SemiBold"),
        ("Български", "fira-sans-cyrillic-SemiBold"),
        ("مقهى", "noto-sans-arabic-arabic-SemiBold"),
        ("Feest 🎉", "noto-emoji-emoji-Regular"),
    ],
)
def test_each_script_has_a_font_of_ours_that_lies_in_the_file(title, font):
    pdf = posters.write(facts(title), FONTS)
    assert (font in fonts_of(pdf), b"pdfuaid" in pdf) == (True, True)


def test_script_that_no_font_has_gives_a_poster_all_the_same():
    pdf = posters.write(facts("ಕನ್ನಡ"), FONTS)
    assert (pdf[:5], b"pdfuaid" in pdf, b"/StructTreeRoot" in pdf) == (b"%PDF-", False, True)


def test_same_facts_give_the_same_bytes():
    assert posters.write(facts("Soepcafé"), FONTS) == posters.write(facts("Soepcafé"), FONTS)


def test_square_holds_the_address_with_an_edge_around_it():
    drawn = codes.square(ADDRESS)
    side = segno.make(ADDRESS, error="q", micro=False).symbol_size(border=4)[0]
    assert re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn).groups() == (str(side), str(side))
    assert (drawn.count("<svg"), "<?xml" in drawn) == (1, False)


@pytest.mark.parametrize("kind", ["buurtcentrum", "open-huis", "buurthuis", "ldc", "groep", "privaat"])
def test_front_of_each_kind_of_house_stands_by_itself_in_its_colour(kind):
    drawn = gables.front(SPRITE, f"g-{kind}", "#123456")
    assert ("var(" in drawn, "currentColor" in drawn, "#123456" in drawn) == (False, False, True)


def test_front_that_is_not_drawn_is_refused():
    with pytest.raises(KeyError, match="g-kasteel"):
        gables.front(SPRITE, "g-kasteel", "#123456")
