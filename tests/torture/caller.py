"""A browser without a screen: one connection that stays open, cookies, forms; it follows nothing by itself."""

import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

HOST = "127.0.0.1"
PATIENCE = 30.0


@dataclass(frozen=True)
class Answer:
    """What came back, and in how many seconds."""

    status: int
    text: str
    location: str
    seconds: float

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page: the token that every form needs, a form's own key, the version seen."""
        return _Hidden(self.text).found

    @property
    def alternatives(self) -> int:
        """How many ways on the page offers."""
        return len(re.findall(r'name="neem" value="[^"]', self.text))


class _Hidden(HTMLParser):
    """Collects hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "input" and values.get("type") == "hidden" and values.get("name"):
            self.found[values["name"] or ""] = values.get("value") or ""


class Caller:
    """One visit. A connection that breaks raises OSError or HTTPException; the next call makes a new one."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def sign_in(self, token: str) -> Self:
        """Follow a one-time link, as somebody does who presses its button."""
        path = f"/aanmelden/link/{token}"
        answer = self.post(path, self.get(path).hidden)
        assert answer.status == 302, f"the link signed nobody in: {answer.status}"
        return self

    @property
    def cookie(self) -> str:
        """The cookies of this visit as they are sent."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            text = response.read().decode()
        except BaseException:
            self.connection.close()
            raise
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies.update((name, morsel.value) for name, morsel in SimpleCookie(line).items())
        return Answer(response.status, text, response.headers.get("Location", ""), time.perf_counter() - begun)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def form_of(room: str) -> str:
    """The address of the form for a room, ``venue/room``."""
    return f"/aanvragen/nieuw?zaal={room}"


def filled_in(form: Mapping[str, str], *, day: str, starts: str, ends: str, key: str) -> dict[str, str]:
    """The fields of a form as a person would send them; ``form``: the hidden fields of its page."""
    return {
        **form,
        "sleutel": key,
        "dag": day,
        "dagdeel": "eigen-uren",
        "van": starts,
        "tot": ends,
        "activiteit": "Repetitie",
        "openbaar": "nee",
        "personen": "20",
        "als": "particulier",
        "naam": "An Peeters",
        "akkoord": "y",
    }
