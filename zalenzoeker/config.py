"""Settings: one frozen dataclass, read once from the environment; what is wrong is named all at once."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from zalenzoeker import addresses

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent

TILES = "https://geo.api.vlaanderen.be/GRB/wmts/1.0.0/grb_bsk_grijs/default/GoogleMapsVL/{z}/{y}/{x}.png"
TILES_ATTRIBUTION = "Basiskaart: GRB, Digitaal Vlaanderen"

SHORTEST_SECRET = 32
MAKE_A_SECRET = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"  # noqa: S105 -- advice
WRITE_POSTGRESQL = "Write postgresql+psycopg://user:password@host/database"
WRITE_SQLITE = "sqlite:///var/zalenzoeker.db (in the project's folder)"
LEAST_CONTRAST = 4.5
ON, OFF = {"on", "1", "true", "yes"}, {"off", "0", "false", "no"}


class SettingError(Exception):
    """One or more settings are wrong: `problems` maps the name of each to a sentence with its cure."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        lines = [f"  {name}: {sentence}" for name, sentence in self.problems.items()]
        super().__init__("\n".join(["The site cannot start with these settings:", *lines]))


@dataclass(frozen=True)
class MailSettings:
    """The mail server that letters are handed to."""

    server: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    use_tls: bool = False


@dataclass(frozen=True)
class Config:
    """Everything about a site that its owner may choose; the README's table says what each setting means."""

    database_url: str = field(default=f"sqlite:///{ROOT}/var/zalenzoeker.db", repr=False)
    secret_key: str = field(default="", repr=False)
    public_url: str = "http://127.0.0.1:8000"
    port: int = 8000
    mail: MailSettings | None = None
    mail_inbox: str | None = field(default=None, repr=False)
    busy_feed_hosts: frozenset[str] = frozenset()
    map_tiles_url: str = TILES
    map_tiles_attribution: str = TILES_ATTRIBUTION
    site_name: str = "Zalenzoeker"
    site_logo: Path | None = None
    site_accent: str = "#006c9b"
    trusted_proxies: int = 0
    rate_limits: bool = True
    demo: bool = False
    demo_clock: Path | None = None
    var_dir: Path = ROOT / "var"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        """Tell whether only this machine can reach the site at its public address."""
        host = urlsplit(self.public_url).hostname or ""
        try:
            return host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False

    @property
    def map_tiles_origin(self) -> str | None:
        """Return scheme and host of the map tiles, for the content security policy; None without tiles."""
        address = urlsplit(self.map_tiles_url)
        return f"{address.scheme}://{address.netloc}" if address.netloc else None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], *, root: Path = ROOT) -> "Config":
        """Read all settings; relative paths are taken from `root`.

        Raises SettingError naming every wrong or missing setting. Makes `var/secret_key` when a site for development
        has none yet; nothing else is written.
        """
        reader = _Reader(environ, root)
        port = reader.number("PORT", 8000, least=1, most=65535)
        config = cls(
            database_url=reader.parsed("DATABASE_URL", reader.database, f"sqlite:///{root}/var/zalenzoeker.db"),
            secret_key=reader.parsed("SECRET_KEY", _secret, ""),
            public_url=reader.parsed("PUBLIC_URL", addresses.public_url, f"http://127.0.0.1:{port}"),
            port=port,
            mail=_mail(reader),
            mail_inbox=reader.parsed("MAIL_INBOX", _inbox, None),
            busy_feed_hosts=reader.parsed("BUSY_FEED_HOSTS", addresses.hosts, frozenset()),
            map_tiles_url=reader.parsed("MAP_TILES_URL", addresses.tiles, TILES, empty=""),
            map_tiles_attribution=reader.text("MAP_TILES_ATTRIBUTION") or TILES_ATTRIBUTION,
            site_name=reader.text("SITE_NAME") or "Zalenzoeker",
            site_logo=reader.parsed("SITE_LOGO", reader.logo, None),
            site_accent=reader.parsed("SITE_ACCENT", _accent, "#006c9b"),
            trusted_proxies=reader.number("TRUSTED_PROXIES", 0, least=0, most=10),
            rate_limits=reader.switch("RATE_LIMITS", default=True),
            demo=reader.switch("DEMO", default=False),
            demo_clock=reader.parsed("DEMO_CLOCK", reader.path, None),
            var_dir=root / "var",
        )
        _check_together(config, reader)
        config = _with_secret(config, reader)
        if reader.problems:
            raise SettingError(reader.problems)
        return config


class _Reader:
    """Reads one setting at a time and keeps what is wrong with each, so that all of it is said at once."""

    def __init__(self, environ: Mapping[str, str], root: Path) -> None:
        self.environ = environ
        self.root = root
        self.problems: dict[str, str] = {}

    def wrong(self, name: str, sentence: str) -> None:
        self.problems.setdefault(name, sentence)

    def text(self, name: str) -> str | None:
        """Return the words without spaces around them; an empty setting counts as none."""
        return self.environ.get(name, "").strip() or None

    def parsed(self, name: str, parse: Callable[[str], T], default: T, *, empty: T | None = None) -> T:
        """Return what `parse` makes of the words; its ValueError is the sentence about them."""
        if (words := self.text(name)) is None:
            return empty if empty is not None and name in self.environ else default
        try:
            return parse(words)
        except ValueError as error:
            self.wrong(name, str(error))
            return default

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        def parse(words: str) -> int:
            if re.fullmatch(r"[0-9]{1,5}", words) is None or not least <= int(words) <= most:
                raise ValueError(f"{words!r} is not a whole number from {least} to {most}.")
            return int(words)

        return self.parsed(name, parse, default)

    def switch(self, name: str, *, default: bool) -> bool:
        def parse(word: str) -> bool:
            if word.lower() not in ON | OFF:
                raise ValueError(f"{word[:30]!r} is neither on nor off (1 and 0 are understood too).")
            return word.lower() in ON

        return self.parsed(name, parse, default)

    def path(self, words: str) -> Path:
        return self.root / Path(words).expanduser()

    def logo(self, words: str) -> Path:
        path = self.path(words)
        if path.suffix.lower() not in {".svg", ".png", ".webp"} or not path.is_file():
            raise ValueError(f"{path} is not an existing .svg, .png or .webp file.")
        return path

    def database(self, words: str) -> str:
        """Return the address for SQLAlchemy, with a relative SQLite file made absolute."""
        scheme, mark, rest = words.partition("://")
        if scheme == "postgresql+psycopg" and mark:
            address = addresses.split(words)
            if not address.path.strip("/") or address.fragment:
                raise ValueError(f"names no database. {WRITE_POSTGRESQL}.")
            return words
        if scheme != "sqlite" or not mark:
            raise ValueError(f"the scheme {scheme[:30]!r} is not known. {WRITE_POSTGRESQL} or {WRITE_SQLITE}.")
        file, question, options = rest.removeprefix("/").partition("?")
        if not rest.startswith("/") or file in {"", "/", ":memory:"}:
            raise ValueError(f"names no file, and memory is not shared with the worker. Write {WRITE_SQLITE}.")
        return f"sqlite:///{self.root / file}{question}{options}"


def _check_together(config: Config, reader: _Reader) -> None:
    """Hold against each other the settings that are right alone but not side by side."""
    if config.demo and config.is_https:
        reader.wrong("DEMO", "anybody may sign in at a demonstration; set it to 0 when PUBLIC_URL is https.")
    if config.demo_clock is not None and not config.demo:
        reader.wrong("DEMO_CLOCK", "a moved clock is for demonstrations only; set DEMO=1 or leave it out.")
    if not config.rate_limits and not config.is_loopback:
        reader.wrong("RATE_LIMITS", "may be off only while PUBLIC_URL is an address of this machine (127.0.0.1).")
    if config.map_tiles_url not in {"", TILES} and reader.text("MAP_TILES_ATTRIBUTION") is None:
        reader.wrong("MAP_TILES_ATTRIBUTION", "say whose map MAP_TILES_URL shows; its maker must be named on the map.")


def _with_secret(config: Config, reader: _Reader) -> Config:
    """Fill in the key that signs cookies and links: from the file of this machine, never for a public site."""
    if config.is_https and not config.secret_key:
        reader.wrong("SECRET_KEY", f"must be set when PUBLIC_URL is https. {MAKE_A_SECRET}")
    if config.secret_key or reader.problems:
        return config
    file = config.var_dir / "secret_key"
    try:
        _make_secret(file)
        return replace(config, secret_key=_secret(file.read_text(encoding="ascii").strip()))
    except (OSError, ValueError) as error:
        reader.wrong("SECRET_KEY", f"{file} is of no use ({error}). Remove that file, or set SECRET_KEY.")
        return config


def _make_secret(file: Path) -> None:
    """Write a new key unless there is one.

    The site's processes start at the same time: each writes a file of its own, and the first to link it into place
    wins, so that all of them read one whole key.
    """
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(48) + "\n")
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _secret(words: str) -> str:
    if len(words) < SHORTEST_SECRET:
        raise ValueError(f"has {len(words)} characters and needs at least {SHORTEST_SECRET}. {MAKE_A_SECRET}")
    return words


def _mail(reader: _Reader) -> MailSettings | None:
    """Read Flask-Mail's names; without a server there is no mail, and then the others are refused too."""
    server = reader.text("MAIL_SERVER")
    use_tls = reader.switch("MAIL_USE_TLS", default=False)
    port = reader.number("MAIL_PORT", 587 if use_tls else 25, least=1, most=65535)
    sender = reader.parsed("MAIL_DEFAULT_SENDER", _mail_address, None)
    username, password = reader.text("MAIL_USERNAME"), reader.text("MAIL_PASSWORD")
    if server is None:
        for name in ("MAIL_PORT", "MAIL_USE_TLS", "MAIL_DEFAULT_SENDER", "MAIL_USERNAME", "MAIL_PASSWORD"):
            if reader.text(name) is not None:
                reader.wrong(name, "has no meaning without MAIL_SERVER; set that too, or leave this out.")
        return None
    if re.fullmatch(r"[A-Za-z0-9._-]+|[0-9a-fA-F:]+", server) is None:
        reader.wrong("MAIL_SERVER", f"{server[:60]!r} is not the name of a machine; the port goes in MAIL_PORT.")
    if sender is None:
        reader.wrong("MAIL_DEFAULT_SENDER", "must be set with MAIL_SERVER, for instance zalen@example.org.")
    if (username is None) != (password is None):
        reader.wrong("MAIL_PASSWORD", "is set together with MAIL_USERNAME, or neither is.")
    return MailSettings(server, port, sender or "", username, password, use_tls)


def _mail_address(words: str) -> str | None:
    if re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+|[^@\s<>\"]+@localhost", words) is None:
        raise ValueError(f"{words[:60]!r} is not one plain e-mail address.")
    return words


def _inbox(words: str) -> str | None:
    address = addresses.split(words)
    if address.scheme not in {"imap", "imaps"} or not (address.hostname and address.username and address.password):
        raise ValueError("is not of the form imaps://user:password@host/INBOX.")
    if address.scheme == "imap" and address.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("shows the password on the way: write imaps://, or imap:// on this machine alone.")
    return words


def _accent(words: str) -> str:
    if re.fullmatch(r"#[0-9a-fA-F]{6}", words) is None:
        raise ValueError(f"{words[:30]!r} is not a colour of the form #006c9b.")
    if (contrast := _contrast_with_white(words)) < LEAST_CONTRAST:
        raise ValueError(f"{words} is too pale: white on it has contrast {contrast:.1f} and needs {LEAST_CONTRAST}.")
    return words.lower()


def _contrast_with_white(colour: str) -> float:
    """Return the contrast of WCAG 2.2 (1.05 over the relative luminance plus 0.05) between white and #rrggbb."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
