"""Settings: what each may be, and that everything wrong is said at once, with its cure."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from zalenzoeker.config import MAKE_A_SECRET, TILES, TILES_ATTRIBUTION, Config, MailSettings, SettingError

SECRET = "s" * 48
PUBLIC = {"PUBLIC_URL": "https://zalen.example.org", "SECRET_KEY": SECRET}


def problems(environ, root):
    with pytest.raises(SettingError) as raised:
        Config.from_environment(environ, root=root)
    return raised.value.problems


def test_config_without_settings_is_a_site_on_this_machine(tmp_path):
    config = Config.from_environment({}, root=tmp_path)
    assert config == Config(
        database_url=f"sqlite:///{tmp_path}/var/zalenzoeker.db",
        secret_key=(tmp_path / "var" / "secret_key").read_text().strip(),
        public_url="http://127.0.0.1:8000",
        port=8000,
        mail=None,
        mail_inbox=None,
        map_tiles_url=TILES,
        map_tiles_attribution=TILES_ATTRIBUTION,
        site_name="Zalenzoeker",
        site_logo=None,
        site_accent="#006c9b",
        trusted_proxies=0,
        rate_limits=True,
        demo=False,
        demo_clock=None,
        var_dir=tmp_path / "var",
    )
    assert (config.is_https, config.is_loopback) == (False, True)
    assert config.map_tiles_origin == "https://geo.api.vlaanderen.be"


def test_config_with_everything_set_is_that_site(tmp_path):
    (tmp_path / "gent.svg").write_text("<svg/>")
    environ = {
        "DATABASE_URL": "postgresql+psycopg://zalen:geheim@db.example.org:5433/zalen?sslmode=require",
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": "https://Zalen.example.org/",
        "PORT": "9000",
        "MAIL_SERVER": "smtp.example.org",
        "MAIL_USERNAME": "zalen",
        "MAIL_PASSWORD": "geheim",
        "MAIL_USE_TLS": "1",
        "MAIL_DEFAULT_SENDER": "zalen@example.org",
        "MAIL_INBOX": "imaps://zalen:geheim@imap.example.org/INBOX",
        "BUSY_FEED_HOSTS": "Agenda.example.org, calendar.example.com,",
        "MAP_TILES_URL": "https://tiles.example.org/{z}/{x}/{y}.png",
        "MAP_TILES_ATTRIBUTION": "© OpenStreetMap contributors",
        "SITE_NAME": "Zalen in Gent",
        "SITE_LOGO": "gent.svg",
        "SITE_ACCENT": "#005A80",
        "TRUSTED_PROXIES": "1",
        "RATE_LIMITS": "on",
        "DEMO": "0",
    }
    config = Config.from_environment(environ, root=tmp_path)
    assert config == Config(
        database_url="postgresql+psycopg://zalen:geheim@db.example.org:5433/zalen?sslmode=require",
        secret_key=SECRET,
        public_url="https://zalen.example.org",
        port=9000,
        mail=MailSettings("smtp.example.org", 587, "zalen@example.org", "zalen", "geheim", use_tls=True),
        mail_inbox="imaps://zalen:geheim@imap.example.org/INBOX",
        busy_feed_hosts=frozenset({"agenda.example.org", "calendar.example.com"}),
        map_tiles_url="https://tiles.example.org/{z}/{x}/{y}.png",
        map_tiles_attribution="© OpenStreetMap contributors",
        site_name="Zalen in Gent",
        site_logo=tmp_path / "gent.svg",
        site_accent="#005a80",
        trusted_proxies=1,
        rate_limits=True,
        demo=False,
        demo_clock=None,
        var_dir=tmp_path / "var",
    )
    assert (config.is_https, config.is_loopback) == (True, False)
    assert config.map_tiles_origin == "https://tiles.example.org"
    assert not (tmp_path / "var").exists()


def test_config_in_a_log_line_shows_no_secrets(tmp_path):
    environ = PUBLIC | {
        "DATABASE_URL": "postgresql+psycopg://zalen:geheim@localhost/zalen",
        "MAIL_SERVER": "localhost",
        "MAIL_DEFAULT_SENDER": "zalen@localhost",
        "MAIL_USERNAME": "zalen",
        "MAIL_PASSWORD": "geheim",
        "MAIL_INBOX": "imaps://zalen:geheim@localhost/INBOX",
    }
    shown = repr(Config.from_environment(environ, root=tmp_path))
    assert [secret for secret in (SECRET, "geheim") if secret in shown] == []


@pytest.mark.parametrize(
    "given, kept",
    [
        ("sqlite:///var/other.db", "sqlite:///{root}/var/other.db"),
        ("sqlite:////srv/zalen.db?timeout=5", "sqlite:////srv/zalen.db?timeout=5"),
        ("postgresql+psycopg://postgres@/zalen?host=/run", "postgresql+psycopg://postgres@/zalen?host=/run"),
    ],
)
def test_database_url_with_a_relative_file_lies_in_the_project(tmp_path, given, kept):
    config = Config.from_environment({"DATABASE_URL": given}, root=tmp_path)
    assert config.database_url == kept.format(root=tmp_path)


def test_map_tiles_url_set_to_nothing_turns_tiles_off(tmp_path):
    config = Config.from_environment({"MAP_TILES_URL": ""}, root=tmp_path)
    assert (config.map_tiles_url, config.map_tiles_origin) == ("", None)


def test_demo_with_a_clock_file_is_accepted_on_this_machine(tmp_path):
    config = Config.from_environment({"DEMO": "1", "DEMO_CLOCK": "var/now", "RATE_LIMITS": "off"}, root=tmp_path)
    assert (config.demo, config.demo_clock, config.rate_limits) == (True, tmp_path / "var/now", False)


def test_public_url_when_only_the_port_is_set_follows_it(tmp_path):
    assert Config.from_environment({"PORT": "8123"}, root=tmp_path).public_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    "url, is_loopback",
    [
        ("http://localhost:8000", True),
        ("http://127.8.9.10", True),
        ("http://[::1]:8000", True),
        ("http://192.168.1.5", False),
        ("http://localhost.example.org", False),
    ],
)
def test_public_url_of_this_machine_is_known_as_such(tmp_path, url, is_loopback):
    assert Config.from_environment({"PUBLIC_URL": url}, root=tmp_path).is_loopback is is_loopback


SQLITE = "sqlite:///var/zalenzoeker.db (in the project's folder)"
FORM_OF_A_DATABASE = f"Write postgresql+psycopg://user:password@host/database or {SQLITE}."
IN_MEMORY = f"names no file, and memory is not shared with the worker. Write {SQLITE}."
NEEDS_SERVER = "has no meaning without MAIL_SERVER; set that too, or leave this out."
MAIL = {"MAIL_SERVER": "localhost", "MAIL_DEFAULT_SENDER": "zalen@example.org"}


@pytest.mark.parametrize(
    "environ, name, sentence",
    [
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL", f"the scheme 'mysql' is not known. {FORM_OF_A_DATABASE}"),
        (
            {"DATABASE_URL": "postgres://x/y"},
            "DATABASE_URL",
            f"the scheme 'postgres' is not known. {FORM_OF_A_DATABASE}",
        ),
        ({"DATABASE_URL": "zalen.db"}, "DATABASE_URL", f"the scheme 'zalen.db' is not known. {FORM_OF_A_DATABASE}"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL", IN_MEMORY),
        ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL", IN_MEMORY),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL", IN_MEMORY),
        (
            {"DATABASE_URL": "postgresql+psycopg://host"},
            "DATABASE_URL",
            "names no database. Write postgresql+psycopg://user:password@host/database.",
        ),
        (
            {"DATABASE_URL": "postgresql+psycopg://host:high/zalen"},
            "DATABASE_URL",
            "is not an address (Port could not be cast to integer value as 'high').",
        ),
        ({"SECRET_KEY": "short"}, "SECRET_KEY", f"has 5 characters and needs at least 32. {MAKE_A_SECRET}"),
        (
            {"PUBLIC_URL": "https://zalen.example.org"},
            "SECRET_KEY",
            f"must be set when PUBLIC_URL is https. {MAKE_A_SECRET}",
        ),
        (
            {"PUBLIC_URL": "zalen.example.org"},
            "PUBLIC_URL",
            "'zalen.example.org' is not of the form https://zalen.example.org: scheme, host and no path.",
        ),
        (
            {"PUBLIC_URL": "https://example.org/zalen"},
            "PUBLIC_URL",
            "'https://example.org/zalen' is not of the form https://zalen.example.org: scheme, host and no path.",
        ),
        (
            {"PUBLIC_URL": "http://zälen.gent"},
            "PUBLIC_URL",
            "'zälen.gent' is not the name of a host; write other alphabets as xn--….",
        ),
        ({"PUBLIC_URL": "http://a b"}, "PUBLIC_URL", "has a space or a control character in it."),
        ({"PORT": "80a"}, "PORT", "'80a' is not a whole number from 1 to 65535."),
        ({"PORT": "0"}, "PORT", "'0' is not a whole number from 1 to 65535."),
        ({"PORT": "70000"}, "PORT", "'70000' is not a whole number from 1 to 65535."),
        ({"PORT": "٨٠٠٠"}, "PORT", "'٨٠٠٠' is not a whole number from 1 to 65535."),
        ({"MAIL_PORT": "25"}, "MAIL_PORT", NEEDS_SERVER),
        ({"MAIL_DEFAULT_SENDER": "a@example.org"}, "MAIL_DEFAULT_SENDER", NEEDS_SERVER),
        ({"MAIL_USERNAME": "x"}, "MAIL_USERNAME", NEEDS_SERVER),
        (
            {"MAIL_SERVER": "localhost"},
            "MAIL_DEFAULT_SENDER",
            "must be set with MAIL_SERVER, for instance zalen@example.org.",
        ),
        (
            MAIL | {"MAIL_SERVER": "smtp://localhost"},
            "MAIL_SERVER",
            "'smtp://localhost' is not the name of a machine; the port goes in MAIL_PORT.",
        ),
        (MAIL | {"MAIL_PORT": "smtp"}, "MAIL_PORT", "'smtp' is not a whole number from 1 to 65535."),
        (MAIL | {"MAIL_USERNAME": "x"}, "MAIL_PASSWORD", "is set together with MAIL_USERNAME, or neither is."),
        (MAIL | {"MAIL_PASSWORD": "x"}, "MAIL_PASSWORD", "is set together with MAIL_USERNAME, or neither is."),
        (
            MAIL | {"MAIL_USE_TLS": "maybe"},
            "MAIL_USE_TLS",
            "'maybe' is neither on nor off (1 and 0 are understood too).",
        ),
        (
            MAIL | {"MAIL_DEFAULT_SENDER": "zalen"},
            "MAIL_DEFAULT_SENDER",
            "'zalen' is not one plain e-mail address.",
        ),
        *(
            (
                {"BUSY_FEED_HOSTS": f"calendar.example.com, {host}"},
                "BUSY_FEED_HOSTS",
                f"{host!r} is not the name of a host such as outlook.office365.com; no *, no figures.",
            )
            for host in ("*.example.org", "127.0.0.1", "localhost", "https://example.org", "example.org:8443", "[::1]")
        ),
        ({"MAIL_INBOX": "imap.example.org"}, "MAIL_INBOX", "is not of the form imaps://user:password@host/INBOX."),
        (
            {"MAIL_INBOX": "imap://zalen:geheim@imap.example.org/INBOX"},
            "MAIL_INBOX",
            "shows the password on the way: write imaps://, or imap:// on this machine alone.",
        ),
        (
            {"MAP_TILES_URL": "ftp://x/{z}/{x}/{y}", "MAP_TILES_ATTRIBUTION": "x"},
            "MAP_TILES_URL",
            "'ftp://x/{z}/{x}/{y}' is not an http(s) address of one host.",
        ),
        (
            {"MAP_TILES_URL": "https://{s}.example.org/{z}/{x}/{y}", "MAP_TILES_ATTRIBUTION": "x"},
            "MAP_TILES_URL",
            "'https://{s}.example.org/{z}/{x}/{y}' is not an http(s) address of one host.",
        ),
        (
            {"MAP_TILES_URL": "https://example.org/{z}", "MAP_TILES_ATTRIBUTION": "x"},
            "MAP_TILES_URL",
            "lacks {x} and {y}, which stand for the part of the map that is asked for.",
        ),
        (
            {"MAP_TILES_URL": "https://example.org/{z}/{x}/{y}"},
            "MAP_TILES_ATTRIBUTION",
            "say whose map MAP_TILES_URL shows; its maker must be named on the map.",
        ),
        ({"SITE_LOGO": "no.svg"}, "SITE_LOGO", "{root}/no.svg is not an existing .svg, .png or .webp file."),
        ({"SITE_ACCENT": "blue"}, "SITE_ACCENT", "'blue' is not a colour of the form #006c9b."),
        (
            {"SITE_ACCENT": "#009de0"},
            "SITE_ACCENT",
            "#009de0 is too pale: white on it has contrast 3.0 and needs 4.5.",
        ),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES", "'-1' is not a whole number from 0 to 10."),
        ({"RATE_LIMITS": "never"}, "RATE_LIMITS", "'never' is neither on nor off (1 and 0 are understood too)."),
        (
            PUBLIC | {"RATE_LIMITS": "off"},
            "RATE_LIMITS",
            "may be off only while PUBLIC_URL is an address of this machine (127.0.0.1).",
        ),
        ({"DEMO": "perhaps"}, "DEMO", "'perhaps' is neither on nor off (1 and 0 are understood too)."),
        (
            PUBLIC | {"DEMO": "1"},
            "DEMO",
            "anybody may sign in at a demonstration; set it to 0 when PUBLIC_URL is https.",
        ),
        (
            {"DEMO_CLOCK": "now"},
            "DEMO_CLOCK",
            "a moved clock is for demonstrations only; set DEMO=1 or leave it out.",
        ),
    ],
)
def test_setting_that_is_wrong_is_named_with_its_cure(tmp_path, environ, name, sentence):
    assert problems(environ, tmp_path) == {name: sentence.replace("{root}", str(tmp_path))}
    assert not (tmp_path / "var").exists()


def test_settings_that_are_wrong_together_are_all_named_at_once(tmp_path):
    environ = {"PORT": "x", "DATABASE_URL": "mysql://x", "PUBLIC_URL": "https://zalen.example.org", "DEMO": "1"}
    with pytest.raises(SettingError) as raised:
        Config.from_environment(environ, root=tmp_path)
    assert str(raised.value).splitlines() == [
        "The site cannot start with these settings:",
        "  PORT: 'x' is not a whole number from 1 to 65535.",
        f"  DATABASE_URL: the scheme 'mysql' is not known. {FORM_OF_A_DATABASE}",
        "  DEMO: anybody may sign in at a demonstration; set it to 0 when PUBLIC_URL is https.",
        f"  SECRET_KEY: must be set when PUBLIC_URL is https. {MAKE_A_SECRET}",
    ]


def test_secret_key_made_by_the_site_is_kept_and_readable_by_its_owner_only(tmp_path):
    first = Config.from_environment({}, root=tmp_path).secret_key
    file = tmp_path / "var" / "secret_key"
    assert Config.from_environment({}, root=tmp_path).secret_key == first
    assert (len(first), stat.S_IMODE(file.stat().st_mode)) == (64, 0o600)
    assert [path.name for path in file.parent.iterdir()] == ["secret_key"]


def test_secret_key_made_by_several_at_once_is_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        configs = pool.map(lambda _: Config.from_environment({}, root=tmp_path), range(8))
    assert len({config.secret_key for config in configs}) == 1


def test_secret_key_file_that_is_damaged_is_named(tmp_path):
    file = tmp_path / "var" / "secret_key"
    file.parent.mkdir()
    file.write_text("cut")
    assert problems({}, tmp_path) == {
        "SECRET_KEY": f"{file} is of no use (has 3 characters and needs at least 32. {MAKE_A_SECRET}). "
        "Remove that file, or set SECRET_KEY."
    }
