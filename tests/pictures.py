"""Pictures of every page of the walk, on a phone and on a desk; with `--readme` those that README shows."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click
from playwright.sync_api import Browser, Page

from tests.bench.ground import HALL, demonstration
from tests.chromium import chromium
from tests.torture import proofs
from zalenzoeker.config import ROOT
from zalenzoeker.services import demo_desks

# Monday morning; the demonstration is made around it, so that the same pictures come out every day.
NOW = "2026-11-23T10:00:00+01:00"
WIDTHS = {390: 844, 1280: 800}
NARROW, WIDE = WIDTHS
NOBODY, AN, MARCEL, RITA, SOFIE = "", "An Peeters", "Marcel De Smet", "Rita Claeys", "Sofie Maes"
HOUSE = HALL.partition("/")[0]
VENUE, DESK = f"/locaties/{HOUSE}", f"demo-{HOUSE}"
SERIES = (
    "/zalen?dag=2027-01-07&dagdeel=avond&herhaal=wekelijks&tot-en-met=2027-05-20&personen=25&faciliteit=keuken"
    "&bij=Brugse+Poort"
)
FORM = f"/aanvragen/nieuw?zaal={HALL}&dag=2027-02-06&van=14:00&tot=18:00"


@dataclass(frozen=True)
class Picture:
    """A page, who looks at it, and what is done there before the picture is taken."""

    name: str
    path: str
    who: str = NOBODY
    deed: Callable[[Page], None] = lambda _page: None


def send(page: Page) -> None:
    """Press the one button that sends the form of the page."""
    page.locator("main form .actions button").first.click()


def send_half(page: Page) -> None:
    page.locator("[name=personen]").fill("-3")
    send(page)


def fill_in(page: Page) -> None:
    page.locator("[name=activiteit]").fill("Algemene vergadering")
    page.locator("[name=openbaar][value=nee]").check()
    page.locator("[name=personen]").fill("30")
    page.locator("[name=als]").first.check()
    page.locator("[name=naam]").fill("An Peeters")
    page.locator("[name=akkoord]").check()


def ask_for_what_is_taken(page: Page) -> None:
    fill_in(page)
    send(page)


def ask_for_a_code(page: Page) -> None:
    page.locator("[name=email]").fill("godelieve@example.be")
    send(page)


def choose_to_refuse(page: Page) -> None:
    page.locator("[name=besluit][value=refuse]").check(force=True)


def pictures(database: str) -> list[Picture]:
    """Every page of the walk; the addresses of requests and letters are looked up in the demonstration."""

    def first(query: str) -> str:
        return str(proofs.rows(database, query)[0][0])

    def request(status: str) -> str:
        return first(
            "SELECT request.code FROM request JOIN desk ON desk.id = request.desk_id JOIN account"
            " ON account.id = request.account_id WHERE desk.slug = 'demo-open-huis-drongen'"
            f" AND request.status = '{status}' ORDER BY account.name <> '{AN}', request.id"
        )

    def desk_page(errand: demo_desks.Errand) -> str:
        code = first(f"SELECT code FROM request WHERE activity = '{errand.activity}'")
        return f"/balie/aanvragen/{code}"

    waiting, approved = request("requested"), request("approved")
    starts, ends = slot_of(database, approved)
    taken = f"/aanvragen/nieuw?zaal={HALL}&dag={starts:%Y-%m-%d}&van={starts:%H:%M}&tot={ends:%H:%M}"
    association = first("SELECT code FROM association ORDER BY id")
    letter = first("SELECT code FROM letter WHERE kind = 'request_approved' ORDER BY id")
    to_decide = proofs.rows(
        database,
        "SELECT facts FROM letter JOIN request ON request.id = letter.request_id"
        " WHERE letter.kind = 'request_to_decide' AND request.status = 'requested' ORDER BY letter.created_at DESC",
    )
    # Not every letter has a button: who asked something was told before, or has no say.
    link = next((token for (facts,) in to_decide if (token := json.loads(facts).get("token"))), "-")
    busy = first(
        f"SELECT substr(starts, 1, 10) AS day FROM occurrence WHERE status IN ('approved', 'requested')"
        f" AND starts > '{NOW[:10]}' GROUP BY day ORDER BY count(*) DESC, count(DISTINCT status) DESC, day"
    )
    return [
        Picture("landing", "/"),
        Picture("landing-one-result", "/?q=drongen&soort=open_huis"),
        Picture("landing-no-result", "/?q=nergens"),
        Picture("venue", VENUE),
        Picture("venue-private", "/locaties/parothea"),
        Picture("poster", f"{VENUE}/affiche"),
        Picture("screen", f"{VENUE}/scherm"),
        Picture("embedding", f"/agenda/inbedden?locatie={HOUSE}"),
        Picture("frame", f"/agenda/inbedden/kader?locatie={HOUSE}"),
        Picture("room", f"/zalen/{HALL}?week={starts:%G-W%V}"),
        Picture("room-asked-at-the-house", "/zalen/parothea/theaterzaal"),
        Picture("search", "/zalen"),
        Picture("search-day", f"/zalen?dag={starts:%Y-%m-%d}"),
        Picture("search-days", "/zalen?dag=2027-01-14&dagen=2027-01-15&dagen=2027-01-16&dagdeel=avond&personen=25"),
        Picture("search-moment", "/zalen?dag=2027-01-16&van=14:00&tot=18:00&personen=30&faciliteit=keuken"),
        Picture("search-nothing", "/zalen?dag=2027-01-16&van=14:00&tot=18:00&punt=51.20,3.95&straal=0.1"),
        Picture("search-series", SERIES),
        Picture("search-with-errors", "/zalen?dag=2020-01-01&van=18:00&tot=14:00&personen=veel&bij=xyzzy&straal=ver"),
        Picture("first-free", f"/zalen/{HALL}/eerste?duur=180"),
        Picture("moments-days", f"/zalen/{HALL}/dagen?maand=2027-01"),
        Picture("moments-month", f"/zalen/{HALL}/maand?maand=2027-01"),
        Picture("moments-times", f"/zalen/{HALL}/dagen/2027-01-14"),
        Picture("form", FORM),
        Picture("form-with-errors", FORM, deed=send_half),
        Picture("form-lost", taken, AN, ask_for_what_is_taken),
        Picture("form-signed-in", FORM, AN, fill_in),
        Picture("sign-in", "/aanmelden"),
        Picture("sign-in-code", "/aanmelden", deed=ask_for_a_code),
        Picture("request-waiting", f"/aanvragen/{waiting}"),
        Picture("request-approved", f"/aanvragen/{approved}", AN),
        Picture("mine", "/mijn", AN),
        Picture("association-new", "/mijn/verenigingen/nieuw", AN),
        Picture("association", f"/mijn/verenigingen/{association}", AN),
        Picture("desk", "/balie", MARCEL),
        Picture("desk-request", f"/balie/aanvragen/{waiting}", MARCEL),
        Picture("desk-refusing", f"/balie/aanvragen/{waiting}", MARCEL, choose_to_refuse),
        Picture("desk-rivals", desk_page(demo_desks.FIRST_IN_QUEUE), MARCEL),
        Picture("desk-vote", desk_page(demo_desks.VOTED_ABOUT), RITA),
        Picture("desk-proposed", desk_page(demo_desks.PROPOSED), MARCEL),
        Picture("desk-decided", f"/balie/aanvragen/{approved}", MARCEL),
        Picture("desk-proposing", f"/balie/aanvragen/{waiting}/voorstel", MARCEL),
        Picture("from-mail", f"/beslissen/{link}"),
        Picture("board", f"/balie/planbord?dag={busy}", SOFIE),
        Picture("board-week", f"/balie/planbord?week={date.fromisoformat(busy):%G-W%V}", SOFIE),
        Picture("crew", f"/balie/ploeg/{DESK}#dienst", MARCEL),
        Picture("crew-members", f"/balie/ploeg/{DESK}/leden", MARCEL),
        Picture("crew-advice", f"/balie/ploeg/{DESK}/advies", MARCEL),
        Picture("crew-hand-over", f"/balie/ploeg/{DESK}/overdragen", MARCEL),
        Picture("behalf", f"/balie/aanvragen/nieuw?zaal={HALL}", MARCEL),
        Picture("behalf-paper", f"/aanvragen/papier?zaal={HALL}"),
        Picture("letters-to-print", "/balie/brieven", MARCEL),
        Picture("house", f"/balie/huizen/{HOUSE}", MARCEL),
        Picture("house-text", f"/balie/huizen/{HOUSE}/tekst", MARCEL),
        Picture("house-log", f"/balie/huizen/{HOUSE}/logboek", MARCEL),
        Picture("letters", "/demo/postvak"),
        Picture("letter", f"/demo/postvak/{letter}"),
        Picture("letter-as-mail", f"/demo/postvak/{letter}/html"),
        Picture("help", "/hulp"),
        Picture("accessibility", "/toegankelijkheid"),
        Picture("privacy", "/privacy"),
        Picture("not-found", "/zalen/nergens/niets"),
        Picture("not-allowed", "/balie", AN),
    ]


def slot_of(database: str, code: str) -> tuple[datetime, datetime]:
    """The wall times of a request."""
    query = "SELECT starts, ends FROM occurrence JOIN request ON request.id = request_id WHERE code = '{}'"
    starts, ends = proofs.rows(database, query.format(code))[0]
    return datetime.fromisoformat(starts), datetime.fromisoformat(ends)


# What README shows: the picture of the walk, the file, and how wide.
README = {
    "landing": ("landing.png", WIDE),
    "room": ("room.png", WIDE),
    "desk-request": ("desk.png", WIDE),
    "board": ("board.png", WIDE),
    "crew": ("crew.png", WIDE),
    "from-mail": ("from-mail.png", NARROW),
}
README_HEIGHTS = {WIDE: 1000, NARROW: 1400}


@contextmanager
def stage() -> Iterator[tuple[str, str]]:
    """The site with its demonstration, at a moment that stands still: its address and that of its database."""
    with tempfile.TemporaryDirectory(prefix="zz-pictures-") as name:
        folder = Path(name)
        clock = folder / "clock.txt"
        clock.write_text(NOW, encoding="utf-8")
        with demonstration(folder, clock) as (site, database, _app):
            yield site.url, database


class Photographer:
    """Goes from page to page as the people who look at them, each in a browser of their own."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.pages: dict[str, Page] = {}

    def take(self, picture: Picture, width: int, file: Path, *, height: int | None = None) -> None:
        """Take the whole page, or, with a height, only what a window of so many pixels shows of it."""
        page = self.page_of(picture.who)
        page.set_viewport_size({"width": width, "height": height or WIDTHS[width]})
        page.goto(f"{self.url}{picture.path}", wait_until="networkidle")
        picture.deed(page)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file, full_page=height is None, animations="disabled")

    def page_of(self, who: str) -> Page:
        if who not in self.pages:
            context = self.browser.new_context(locale="nl-BE", timezone_id="Europe/Brussels")
            page = self.pages[who] = context.new_page()
            if who:
                page.goto(f"{self.url}/aanmelden")
                page.get_by_role("button", name=who).click()
        return self.pages[who]


@click.command()
@click.option("--readme", is_flag=True, help="Only the pictures that README shows, into pictures/.")
@click.option("--only", multiple=True, help="Only the pages whose names begin so.")
def main(readme: bool, only: tuple[str, ...]) -> None:
    """Take the pictures and say where they are."""
    with stage() as (url, database), chromium() as browser:
        photographer = Photographer(browser, url)
        for picture in pictures(database):
            if readme and picture.name in README:
                name, width = README[picture.name]
                photographer.take(picture, width, ROOT / "pictures" / name, height=README_HEIGHTS[width])
            elif not readme and picture.name.startswith(only or ("",)):
                for width in WIDTHS:
                    file = ROOT / "var" / "pictures" / f"{picture.name}-{width}.png"
                    photographer.take(picture, width, file)
                    click.echo(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
