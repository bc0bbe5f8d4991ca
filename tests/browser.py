"""A visitor of the site: opens, clicks, fills in the page's own forms, and refuses pages that are not in order."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import html5lib
from babel.messages.pofile import read_po
from flask import Flask
from werkzeug.datastructures import MultiDict

from zalenzoeker.storage.models import Account

CATALOGUE = Path(__file__).parents[1] / "zalenzoeker" / "translations" / "nl" / "LC_MESSAGES" / "messages.po"
SKELETON = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles}; font-src 'self'; \
connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
OF_A_LETTER = re.compile(
    r"default-src 'none'; style-src 'sha256-[\w+/=]{44}'; frame-ancestors ('none'|'self'; sandbox)"
)
REFERRERS = {"no-referrer", "same-origin", "strict-origin-when-cross-origin"}
# The agenda in a frame on somebody else's page, and the page that shows it in a frame of its own.
FRAMED, FRAMING = "/agenda/inbedden/kader", "/agenda/inbedden"
FRAME_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; \
form-action 'none'; base-uri 'none'; frame-ancestors *"
MOST_REDIRECTS = 5
FORBIDDEN = re.compile("beschikbaar|available", re.IGNORECASE)
SPOKEN_ATTRIBUTES = ("aria-label", "alt", "title", "placeholder")
NOT_TYPED = {"hidden", "submit", "button", "reset", "image"}
# A script of this kind is never run, so that no content policy looks at it.
DATA = "application/ld+json"
VOID = {"script", "style", "template"}
INLINE = {"a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "svg", "time", "use"}


class Browser:
    """Somebody at the site. It keeps cookies, follows redirects one by one (``trail``) and looks at every page.

    With an ``account`` the person has signed in already; without, they are a passer-by. Each browser comes from an
    ``address`` of its own, so that the limits per address are met only where a test wants them.
    """

    _number = 1

    def __init__(self, app: Flask, account: Account | None = None, *, address: str = "") -> None:
        Browser._number = Browser._number % 65000 + 1
        self.app = app
        self.address = address or f"198.18.{Browser._number // 250}.{Browser._number % 250 + 1}"
        self.client = app.test_client()
        self.page: Page | None = None
        self.trail: list[str] = []
        if account:
            with self.client.session_transaction() as session:
                session.update({"_user_id": account.code, "_fresh": True, "_permanent": True})

    def address_of(self, endpoint, **values):
        """Return the path of a view; what is no part of the path becomes its query."""
        return self.app.url_map.bind("localhost").build(endpoint, values, append_unknown=True)

    def opens(self, endpoint, *, status=200, **values):
        return self.visits(self.address_of(endpoint, **values), status=status)

    def visits(self, path, *, status=200, **options):
        """GET an address, follow where it leads, and look at the page that comes."""
        return self._goes("GET", path, status, options)

    def posts(self, endpoint, form=None, *, status=200, **values):
        """POST what no page offers, as somebody would who forges a form; with this browser's own token."""
        fields = MultiDict(form or {})
        fields["csrf_token"] = self.token()
        return self._goes("POST", self.address_of(endpoint, **values), status, {"data": fields})

    def token(self):
        """Return a token of this session, read from the sign-in page or from the button to sign out."""
        response = self._ask("GET", self.address_of("accounts.sign_in"), {})
        if response.status_code == 302:
            response = self._ask("GET", self.address_of("accounts.mine"), {})
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', response.get_data(as_text=True))
        assert found, "No form on the sign-in page has a token: add the field csrf_token."
        return found[1]

    def asks(self, path, *, method="GET", **options):
        """Send one request and give the bare answer, without following or looking."""
        return self._ask(method, path, options)

    @property
    def cookie(self):
        """Return the session cookie as it is kept, or None."""
        found = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return found.value if found else None

    def _ask(self, method, path, options):
        here = {"REMOTE_ADDR": self.address}
        return self.client.open(path, method=method, environ_overrides=here, buffered=True, **options)

    def _goes(self, method, path, status, options):
        self.trail = []
        # What stands behind the # never leaves a browser.
        path = path.partition("#")[0]
        response = self._ask(method, path, options)
        while response.status_code in {301, 302, 303, 307, 308}:
            location = response.headers["Location"]
            assert re.match(r"/(?!/)", location), f"{path} leads off the site: {location}"
            assert len(self.trail) < MOST_REDIRECTS, f"{path} goes round in circles: {self.trail}"
            self.trail.append(location)
            path = location.partition("#")[0]
            response = self._ask("GET", path, {})
        self.page = Page(self, path, response)
        assert response.status_code == status, (
            f"{method} {path} answered {response.status_code} and not {status}: {self.page.summary()}"
        )
        faults = self.page.faults()
        assert not faults, "\n".join([f"The page {path} ({status}) is not in order:", *faults])
        return self.page


class Page:
    """One answer of the site, read as a browser reads it."""

    def __init__(self, browser, path, response):
        self.browser = browser
        self.path = path
        self.response = response
        self.status = response.status_code
        self.is_html = response.mimetype == "text/html"
        self.html = response.get_data(as_text=True) if self.is_html else ""
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.tree = parser.parse(self.html) if self.is_html else None
        self.parse_errors = parser.errors if self.is_html else []
        self.parents = {child: parent for parent in self._every() for child in parent}

    def _every(self, *tags):
        if self.tree is None:
            return []
        return [one for one in self.tree.iter() if isinstance(one.tag, str) and (not tags or one.tag in tags)]

    # What a person reads.

    @property
    def title(self):
        return words_of(self._every("title")[0])

    @property
    def heading(self):
        return words_of(self._every("h1")[0])

    @property
    def text(self):
        """Everything that can be read on the page, in one line."""
        return words_of(self._every("body")[0])

    @property
    def main(self):
        """What can be read in the main part of the page, without what every page has."""
        return words_of(self._every("main")[0])

    def sentences(self):
        """Return every run of text of the page and every attribute that is read aloud."""
        said = []
        for one in self._every():
            if one.tag in VOID:
                continue
            said += [value for name in SPOKEN_ATTRIBUTES if (value := one.get(name))]
            said.append(one.text)
            said += [child.tail for child in one]
        return [squeezed for words in said if (squeezed := squeeze(words))]

    def found(self, *, tag=None, css=None):
        """Return the words of every element with this tag and class, in order."""
        return [words_of(one) for one in self.elements(tag=tag, css=css)]

    def elements(self, *, tag=None, css=None):
        return [one for one in self._every() if (tag in (None, one.tag)) and (css is None or css in classes_of(one))]

    @property
    def links(self):
        """Return (words, address) of every link."""
        return [(words_of(one), one.get("href")) for one in self._every("a") if one.get("href")]

    def addresses(self, start):
        """Return the addresses of the links that begin like this, in order."""
        return [address for _, address in self.links if address.startswith(start)]

    def clicks(self, words, *, status=200):
        """Follow the link with these words (English msgid or the words themselves)."""
        wanted = {words, dutch(words)}
        found = [address for said, address in self.links if said in wanted]
        offered = sorted({said for said, _ in self.links})
        assert found, f"{self.path} has no link {words!r}; it has {offered}"
        assert len(set(found)) == 1, f"{self.path} has links {words!r} to different places: {sorted(set(found))}"
        return self.browser.visits(urljoin(self.path, found[0]), status=status)

    def goes_to(self, endpoint, *, status=200, **values):
        """Follow the link that leads to this view; the page must have one. What is not named may be anything."""
        path = self.browser.address_of(endpoint, **values)
        wanted = urlsplit(path)
        there = [urljoin(self.path, address) for _, address in self.links]
        known = [(one, set(parse_qsl(urlsplit(one).query))) for one in there if urlsplit(one).path == wanted.path]
        fitting = [(len(query), one) for one, query in known if set(parse_qsl(wanted.query)) <= query]
        assert fitting, f"{self.path} has no link to {path}; it has {sorted(set(there))}"
        return self.browser.visits(min(fitting)[1], status=status)

    @property
    def errors(self):
        """Return what is wrong, by the name of the field it is tied to."""
        wrong = {}
        for one in self._every():
            for name in (one.get("aria-describedby") or "").split():
                if name.endswith("-error"):
                    target = self.by_id(name)
                    wrong[self._name_of(one)] = words_of(target) if target is not None else ""
        return wrong

    def _name_of(self, one):
        return one.get("name") or next((c.get("name") for c in one.iter() if c.get("name")), one.get("id") or one.tag)

    def by_id(self, name):
        return next((one for one in self._every() if one.get("id") == name), None)

    def form(self, endpoint="", **values):
        """Return the page's form that is sent to this view, or its only form besides the one to sign out."""
        forms = [Form(self, one) for one in self._every("form")]
        if values:
            wanted = urlsplit(self.browser.address_of(endpoint, **values)).path
            found = [one for one in forms if urlsplit(one.action).path == wanted]
        elif endpoint:
            found = [one for one in forms if one.leads_to(endpoint)]
        else:
            found = [one for one in forms if not one.leads_to("accounts.sign_out")]
        assert found, f"{self.path} has no form for {endpoint or 'anything'}; it has {[one.action for one in forms]}"
        assert len(found) == 1, f"{self.path} has more forms like this: {[one.action for one in found]}; name one."
        return found[0]

    def has_form(self, endpoint):
        return any(Form(self, one).leads_to(endpoint) for one in self._every("form"))

    def summary(self):
        if not self.is_html:
            return f"{self.response.mimetype}: {self.response.get_data(as_text=True)[:300]}"
        said = [words_of(one) for one in self._every("h1")] + [
            f"{name}: {error}" for name, error in self.errors.items()
        ]
        said += [words_of(one) for one in self.elements(css="error-summary")]
        return " | ".join(said)

    # What every page must be.

    def faults(self):
        """Return a sentence with its cure for everything that is not in order here."""
        faults = header_faults(self.response, self.browser.app)
        if self.is_html:
            for look in (self._skeleton, self._ids, self._fields, self._forms, self._inline, self._words):
                faults += look()
        return faults

    def _skeleton(self):
        for (line, column), code, _facts in self.parse_errors:
            if code == "invalid-codepoint" and self.status == 422:
                # A field with an error shows what was typed, also a character that nobody can read.
                continue
            near = self.html.splitlines()[line - 1][max(0, column - 60) : column + 20] if line else ""
            yield f"It is no valid HTML5: {code} at line {line}, column {column}, near {near!r}."
        root = self.tree if self.tree.tag == "html" else self._every("html")[0]
        if root.get("lang") != "nl":
            yield f"<html> says lang={root.get('lang')!r}: write lang='nl'."
        headings = [words_of(one) for one in self._every("h1")]
        if len(headings) != 1 or not headings[0]:
            yield f"It has {len(headings)} headings <h1> ({headings}): give it exactly one, with words."
        elif not self.title.startswith(headings[0]):
            yield f"Its title {self.title!r} does not begin with its heading {headings[0]!r}."
        if len(self._every("main")) != 1:
            yield f"It has {len(self._every('main'))} elements <main>: give it one."

    def _ids(self):
        ids = [one.get("id") for one in self._every() if one.get("id") is not None]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            yield f"The id {name!r} is used {ids.count(name)} times: make each one unique."
        for one in self._every():
            for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
                for name in (one.get(attribute) or "").split():
                    if name not in ids:
                        yield f"<{one.tag} {attribute}={name!r}> refers to an id that is not on the page."
            target = one.get("href") or ""
            if target.startswith("#") and target != "#" and target[1:] not in ids:
                yield f"The link {target!r} ({words_of(one)!r}) leads to an id that is not on the page."

    def _fields(self):
        labelled = {one.get("for") for one in self._every("label")}
        named = {name for one in self._every() for name in (one.get("aria-describedby") or "").split()}
        for one in self._every("input", "select", "textarea"):
            if one.get("type") in NOT_TYPED:
                continue
            inside = any(parent.tag == "label" for parent in self._above(one))
            if not (inside or one.get("id") in labelled or one.get("aria-label") or one.get("aria-labelledby")):
                yield f"The field {one.get('name')!r} has no label: give it one."
            if one.get("type") == "radio" and not self._legend_above(one):
                yield f"The choice {one.get('name')!r} stands in no <fieldset> with a <legend>."
            says_wrong = one.get("aria-invalid") == "true"
            has_error = any(name.endswith("-error") for name in (one.get("aria-describedby") or "").split())
            if says_wrong != has_error:
                yield f"The field {one.get('name')!r}: aria-invalid and its error in aria-describedby go together."
        for one in self.elements(css="error"):
            if one.get("id") not in named:
                yield f"The error {words_of(one)!r} is tied to no field: name its id in aria-describedby."
        for one in self._every("button"):
            if not words_of(one) and not one.get("aria-label"):
                yield "A button has no words: give it some."

    def _above(self, one):
        while (one := self.parents.get(one)) is not None:
            yield one

    def _legend_above(self, one):
        return any(up.tag == "fieldset" and any(child.tag == "legend" for child in up) for up in self._above(one))

    def _forms(self):
        for one in self._every("form"):
            form = Form(self, one)
            if one.get("method", "get").lower() != "post":
                continue
            if not one.get("action"):
                yield "A form that posts has no action: write where it is sent to."
            if not form.fields.get("csrf_token"):
                yield f"The form to {form.action} has no token: add the field csrf_token."

    def _inline(self):
        for one in self._every():
            if one.tag == "style" or (one.tag == "script" and not one.get("src") and one.get("type") != DATA):
                yield f"There is an inline <{one.tag}>: put it in a file, the content policy forbids it."
            for name, value in one.attrib.items():
                if name == "style" or str(name).startswith("on"):
                    yield f"<{one.tag}> has the attribute {name}: put it in a file, the content policy forbids it."
                if name in {"href", "src", "action", "formaction"} and value.strip().lower().startswith("javascript"):
                    yield f"<{one.tag} {name}={value!r}> runs a script."

    def _words(self):
        spoken = self.sentences()
        for words in spoken:
            if FORBIDDEN.search(words):
                yield f"It says {words!r}: a room that may be asked for is 'vrij om aan te vragen'."
        whole, parts = english()
        text = self.text
        for words in sorted({words for words in spoken if words in whole}):
            yield f"It says {words!r} in English: translate it, or run the text through _()."
        for part in parts:
            if part in text:
                yield f"It says {part!r} in English: translate it, or run the text through _()."


class Form:
    """A form of a page, with what stands in it."""

    def __init__(self, page, element):
        self.page = page
        self.element = element
        self.action = urljoin(page.path, element.get("action") or page.path)
        self.method = element.get("method", "get").upper()
        self.offered = {}
        self.fields = MultiDict()
        self._read()

    def _read(self):
        for one in self.element.iter():
            name = one.get("name") if isinstance(one.tag, str) else None
            if not name or one.tag not in {"input", "select", "textarea", "button"} or one.get("disabled") is not None:
                continue
            kind = one.get("type", "text") if one.tag == "input" else one.tag
            value = one.get("value", "on" if kind == "checkbox" else "")
            if kind in {"radio", "checkbox", "button"}:
                self.offered.setdefault(name, []).append(value)
                if one.get("checked") is not None:
                    self.fields.add(name, value)
            elif kind == "select":
                self._read_select(name, one)
            else:
                self.offered.setdefault(name, None)
                self.fields.add(name, "".join(one.itertext()) if kind == "textarea" else value)

    def _read_select(self, name, one):
        options = [option for option in one.iter() if option.tag == "option"]
        values = [option.get("value", words_of(option)) for option in options]
        self.offered[name] = values
        chosen = [value for option, value in zip(options, values, strict=True) if option.get("selected") is not None]
        self.fields.add(name, (chosen or values)[0])

    def leads_to(self, endpoint):
        adapter = self.page.browser.app.url_map.bind("localhost")
        return adapter.match(urlsplit(self.action).path, method=self.method)[0] == endpoint

    def __getitem__(self, name):
        return self.fields.get(name, "")

    def fills_in(self, **fields):
        """Type, choose and tick: only fields that the form has, and only answers that it offers."""
        for name, value in fields.items():
            assert name in self.offered, (
                f"The form to {self.action} has no field {name!r}; it has {sorted(self.offered)}"
            )
            values = value if isinstance(value, list) else [value]
            if value is True:
                values = self.offered[name]
            elif value in (None, False):
                values = []
            for one in values:
                choice = self.offered[name]
                assert choice is None or str(one) in choice, f"{name!r} offers {choice}, not {one!r}."
            self.fields.setlist(name, [str(one) for one in values])
        return self

    def forges(self, **fields):
        """Send along anything, whether the form offers it or not."""
        for name, value in fields.items():
            self.fields.setlist(name, value if isinstance(value, list) else [value])
        return self

    def sends(self, *, status=200):
        """Press the button."""
        if self.method == "POST":
            return self.page.browser._goes("POST", self.action, status, {"data": self.fields})
        address = urlsplit(self.action)
        query = [(name, value) for name, values in self.fields.lists() for value in values]
        options = {"query_string": MultiDict(query)}
        return self.page.browser._goes("GET", address.path, status, options)


def squeeze(words):
    return " ".join((words or "").split())


def words_of(element):
    """Return what is read of an element: parts of one line stay together, blocks stand apart."""
    return squeeze("".join(_pieces(element)))


def _pieces(element):
    if not isinstance(element.tag, str) or element.tag in VOID:
        return
    edge = "" if element.tag.rpartition("}")[2] in INLINE else " "
    yield edge
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    yield edge


def classes_of(element):
    return (element.get("class") or "").split()


def header_faults(response, app):
    """Return what the headers of an answer lack: the same for pages, files and errors."""
    headers = response.headers
    tiles = app.config["MAP_TILES"]["origin"]
    policy = SKELETON.format(tiles=f" {tiles}" if tiles else "")
    faults = []
    # An answer that came over the net by itself does not know what it answers.
    path = response.request.path if hasattr(response, "request") else ""
    policy = {FRAMED: FRAME_POLICY, FRAMING: f"{policy}; frame-src 'self'"}.get(path, policy)
    said = headers.get("Content-Security-Policy", "")
    # A letter is looked at in a frame of our own, in which nothing runs.
    framing = f"{policy}; frame-src 'self'"
    if said not in (policy, framing) and not OF_A_LETTER.fullmatch(said):
        faults.append(f"The content policy is {said!r} and should be {policy!r}.")
    if headers.get("X-Content-Type-Options") != "nosniff":
        faults.append("The header X-Content-Type-Options: nosniff is missing.")
    if headers.get("Referrer-Policy") not in REFERRERS:
        faults.append(f"Referrer-Policy is {headers.get('Referrer-Policy')!r}: no path may leave the site.")
    if "Cache-Control" not in headers:
        faults.append("Cache-Control is missing: say whether this may be kept.")
    is_https = app.config["IS_HTTPS"]
    if is_https != ("Strict-Transport-Security" in headers):
        faults.append("Strict-Transport-Security goes with an https address, and only with one.")
    wanted = {"HttpOnly", "Path=/", "SameSite=Lax"} | ({"Secure"} if is_https else set())
    for cookie in headers.getlist("Set-Cookie"):
        flags = {part.strip() for part in cookie.split(";")[1:]}
        faults += [f"The cookie {cookie.split('=')[0]!r} lacks {flag}." for flag in sorted(wanted - flags)]
    return faults


@cache
def catalogue():
    """Return msgid -> msgstr of the Dutch catalogue, plurals with both their forms; empty before there is one."""
    if not CATALOGUE.exists():
        return {}
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    pairs = {}
    for message in messages:
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        pairs |= dict(zip(ids, strings, strict=False))
    return pairs


def dutch(msgid, **values):
    """Return what the page says for an English sentence of the code; the sentence itself when nobody translated it."""
    said = catalogue().get(msgid) or msgid
    return said % values if values else said


@cache
def english():
    """Return the msgids that must not be seen: whole ones, and the long parts of those with something filled in."""
    pairs = {msgid: msgstr for msgid, msgstr in catalogue().items() if msgid != msgstr}
    dutch_words = set(catalogue().values())
    whole = {squeeze(msgid) for msgid in pairs if "%(" not in msgid and msgid not in dutch_words}
    pieces = {squeeze(piece) for msgid in pairs for piece in re.split(r"%\(\w+\)\w|\{\w+\}", msgid)}
    everything = " ".join(str(words) for words in catalogue().values())
    return whole, sorted(piece for piece in pieces if len(piece.split()) >= 4 and piece not in everything)
