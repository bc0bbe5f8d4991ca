"""Every page of the desk as a volunteer and as the city meets it: for everybody, at every width, by keyboard too."""

import shutil
from dataclasses import dataclass

import pytest

from tests import running, scene
from tests.browser import dutch
from tests.builders import NOW
from tests.e2e.conftest import NARROW, NARROWEST, WIDE
from tests.house.test_guards import values_of
from tests.torture.stage import FULL
from zalenzoeker import clock as system_clock
from zalenzoeker.app import create_app
from zalenzoeker.config import Config
from zalenzoeker.services import accounts as signing_in

# Pages that no desk guards, and belong to what a desk does: opened from a letter, or lying on the desk as paper.
OF_A_DESK = {"from_mail", "not_needed", "handover", "behalf", "agreeing", "requests"}
# What is reached otherwise than by a link on a page of the desk.
OTHERWISE = {
    "from_mail.show": "from the letter",
    "not_needed.show": "from the letter",
    "handover.confirm": "from the letter",
    "agreeing.show": "from the letter",
    "diaries.follow": "where the site may read addresses",
    "mail_stop.show": "while the mail server refuses us",
    "post.show": "through post.index, when a letter got lost",
    "board.stands": "on a day on which something stands in a room",
    "board_own.change": "through board.stands",
    "board_own.closure": "through board.stands",
}
# Not a page but a letter, in a frame of `samples.show`: no script runs in it, and so nothing that looks at pages.
LETTER = "samples.html"
WHO = ("volunteer here", "city")
# What is sent half: the page, which of its forms, and what is chosen in it first.
HALF = {
    "desk.show refuse": ("desk.show", "desk.decide", "input[value=refuse]"),
    "desk.show question": ("desk.show", "talking.ask", ""),
    "desk.show forward": ("desk.show", "talking.forward", ""),
    "inbox": ("desk.inbox", "desk.several", ""),
    "proposal": ("proposals.new", "proposals.new", ""),
    "crew away": ("crew.show", "crew.away", ""),
    "crew duty": ("crew.show", "crew.on_duty", ""),
    "crew days": ("crew.show", "crew.days", ""),
    "member": ("members.show", "members.show", ""),
    "handover": ("handover.offer", "handover.offer", ""),
    "votes": ("advice.settings", "advice.settings", "input[value=decides]"),
    "own line": ("house.add", "house.add", ""),
    "closing days": ("closures.new", "closures.new", ""),
    "on the board": ("board_own.new", "board_own.new", "input[value=een-keer]"),
    "routing": ("routing.add", "routing.add", ""),
    "rule": ("rulebook.change", "rulebook.change", ""),
    "behalf": ("behalf.new", "behalf.new", ""),
    "from the mail": ("from_mail.show", "from_mail.decide", ""),
}
EMPTY = """form => { for (const one of form.querySelectorAll("input, textarea, select")) {
    if (one.type === "checkbox") one.checked = false;
    else if (one.tagName === "SELECT") one.selectedIndex = one.options[0].value ? one.selectedIndex : 0;
    else if (one.type !== "hidden" && one.type !== "radio" && one.type !== "submit") one.value = "";
} }"""
OPEN = 'document.querySelectorAll("details").forEach((one) => { one.open = true; })'
# Whatever can be pressed or typed in gets the focus once; returns what then does not show it, or cannot be reached.
FOCUS = """() => {
    const wrong = [];
    for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
        if (one.type === "hidden" || one.getAttribute("aria-hidden") === "true" || !one.checkVisibility()) continue;
        const name = one.outerHTML.slice(0, 100);
        if (one.tabIndex < 0) { wrong.push(`out of reach: ${name}`); continue; }
        one.focus();
        // A choice shows it around its label.
        const looks = [one, one.closest("label")].filter(Boolean).map((each) => getComputedStyle(each));
        if (document.activeElement !== one) wrong.push(`takes no focus: ${name}`);
        else if (!looks.some((look) => look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2))
            wrong.push(`not seen: ${name}`);
    }
    return wrong;
}"""


@dataclass(frozen=True)
class Desk:
    """The small town of the house tests as a running site, and what signs its people in."""

    url: str
    paths: dict[str, str]
    posts: dict[str, str]
    links: dict[str, str]
    routes: object
    of_the_city: frozenset[str]


def guarded(app):
    """Every page that a desk guards or that belongs to one."""
    return sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and rule.endpoint != LETTER
        and (
            getattr(app.view_functions[rule.endpoint], "guard", "") in {"desk_only", "city_only"}
            or rule.endpoint.partition(".")[0] in OF_A_DESK
        )
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory, sqlite_template):
    folder = tmp_path_factory.mktemp("desk")
    file, clock = folder / "zalenzoeker.db", folder / "clock.txt"
    shutil.copyfile(sqlite_template, file)
    clock.write_text(NOW.isoformat(), encoding="utf-8")
    database = f"sqlite:///{file}"
    app = create_app(Config(database, running.SECRET, demo=True, demo_clock=clock, map_tiles_url="", var_dir=folder))
    with app.app_context():
        town = scene.Town(app, file)
        links = {who: signing_in.make_link(scene.PEOPLE[who], now=NOW) for who in WHO}
        build = app.url_map.bind("localhost").build
        paths = {one: build(one, values_of(one, town.scene), append_unknown=True) for one in guarded(app)}
        posts = {form: build(form, values_of(form, town.scene)) for _page, form, _choice in HALF.values()}
        scene.db.session.remove()
        scene.db.engine.dispose()
    system_clock.set_file(None)
    with running.site(database, folder, workers=1, DEMO="1", DEMO_CLOCK=str(clock)) as site:
        of_the_city = frozenset(one for one in paths if getattr(app.view_functions[one], "guard", "") == "city_only")
        yield Desk(site.url, paths, posts, links, app.url_map.bind("localhost"), of_the_city)


@pytest.fixture(scope="module")
def states(browser, desk):
    """What each of them needs to be signed in: their cookies. A link signs in once."""
    found = {}
    for who in WHO:
        context = browser.new_context(locale="nl-BE")
        page = context.new_page()
        page.goto(f"{desk.url}/aanmelden/link/{desk.links[who]}")
        page.get_by_role("main").get_by_role("button").click()
        page.goto(f"{desk.url}/balie")
        assert page.get_by_role("navigation", name=dutch("Desk")).count() == 1
        found[who] = context.cookies()
        context.close()
    return found


@pytest.fixture
def window(visit, desk, states):
    def open_as(who, width=NARROW):
        one = visit(width, url=desk.url)
        one.context.add_cookies(states[who])
        return one

    return open_as


def hindrances(one, looked_at=(NARROW, WIDE)):
    """What hinders anybody on the page that is open, with everything on it unfolded; axe looks at these widths."""
    one.page.evaluate(OPEN)
    found = []
    for width in (NARROW, WIDE, NARROWEST):
        one.has_width(width)
        found += [f"sticks out at {width}: {one.overhang()}"] * (one.overhang() > 0)
        found += [f"{width}: {fault}" for fault in one.violations()] if width in looked_at else []
    one.has_width(NARROW)
    one.page.keyboard.press("Tab")
    return found + one.page.evaluate(FOCUS)


@pytest.mark.torture
@pytest.mark.parametrize("who", WHO)
def test_page_of_the_desk_hinders_nobody(window, desk, who):
    one, found, linked, seen = window(who), {}, set(), set()
    # The city sees the same pages: in the gate axe looks on the phone of the one, and at the desk of the other.
    looked_at = (NARROW, WIDE) if FULL else (WIDE,) if who == "city" else (NARROW,)
    for endpoint, path in desk.paths.items():
        page = one.opens(path)
        if faults := hindrances(one, looked_at):
            found[endpoint] = faults
        addresses = page.evaluate("[...document.links].map((one) => one.href)")
        linked |= {endpoint_of(desk, one) for one in addresses if not one.startswith(f"{page.url.partition('#')[0]}#")}
        seen.add(endpoint_of(desk, page.url))
    assert found == {}
    lost = sorted(set(desk.paths) - linked - set(OTHERWISE))
    assert lost == ([] if who == "city" else sorted(desk.of_the_city - linked - set(OTHERWISE))), (
        "No page of the desk leads there."
    )


def endpoint_of(desk, address):
    path = address.removeprefix(desk.url).partition("?")[0].partition("#")[0]
    return desk.routes.match(path)[0] if path.startswith("/") and desk.routes.test(path, "GET") else ""


@pytest.mark.parametrize("name", HALF)
def test_form_of_the_desk_that_is_sent_half_hinders_nobody(window, desk, name):
    endpoint, target, choice = HALF[name]
    one = window("volunteer here")
    page = one.opens(desk.paths[endpoint])
    page.evaluate(OPEN)
    there = desk.posts[target]
    form = page.locator(f'form[action="{there}"], form[action^="{there}#"], form[action^="{there}?"]').first
    form.evaluate(EMPTY)
    if choice:
        form.locator(choice).first.check()
    form.locator("button:not([aria-hidden])").last.click()
    page.wait_for_load_state("load")
    assert page.locator(".error-summary a").count() > 0
    assert hindrances(one) == []
