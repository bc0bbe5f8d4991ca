"""The pages on which a house is kept, on a phone and on a desk: nothing hinders anybody, nothing sticks out."""

import pytest

from tests.e2e.conftest import NARROW, NARROWEST, WIDE

HOUSE, DESK = "/balie/huizen/open-huis-drongen", "/balie/ploeg/demo-open-huis-drongen"
PAGES = (
    HOUSE,
    f"{HOUSE}/tekst",
    f"{HOUSE}/uren",
    f"{HOUSE}/uren?zaal=zaal-open-huis",
    f"{HOUSE}/zalen/zaal-open-huis",
    f"{HOUSE}/logboek",
    f"{DESK}/leden",
    f"{DESK}/overdragen",
    "/overdracht/verlopen",
)


@pytest.mark.parametrize("path", PAGES)
def test_page_of_keeping_hinders_nobody(visit, path):
    marcel = visit()
    marcel.signs_in_as("Marcel")
    # A link that no longer works is a page as well, and its 404 no fault.
    marcel.opens(path)
    marcel.faults = [fault for fault in marcel.faults if "404" not in fault]
    found = {}
    for width in (WIDE, NARROW, NARROWEST):
        marcel.has_width(width)
        found[width] = (marcel.violations(), marcel.overhang())
    assert found == {width: ([], 0) for width in (WIDE, NARROW, NARROWEST)}
