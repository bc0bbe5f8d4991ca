"""Commands without a visitor: the demonstration, people, the worker, and the site's own health."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from types import FrameType

import click
from flask import Flask, current_app
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.exc import SQLAlchemyError

from zalenzoeker import clock, rounds, upkeep
from zalenzoeker.config import ROOT
from zalenzoeker.domain.letters import NoServer
from zalenzoeker.domain.posting import MailStopped
from zalenzoeker.gateways import inbox, mail_server, processes, server
from zalenzoeker.services import accounts, bench_data, deadlines, demo, desks
from zalenzoeker.storage import accounts as stored_accounts
from zalenzoeker.storage import backup as stored_backup
from zalenzoeker.storage import health, schema
from zalenzoeker.upkeep import Trouble

BACKUPS = ROOT / "var" / "backups"
LOOK_AGAIN_SECONDS = 0.1


def init_app(app: Flask) -> None:
    """Give the app its commands."""
    for command in (
        *upkeep.COMMANDS,
        demonstration,
        make_bench_data,
        grant,
        sign_in_link,
        worker,
        send_mail,
        tick,
        doctor,
        backup,
        restore,
        make_ready,
        serve,
    ):
        app.cli.add_command(command)


@click.command("demo")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same set.")
@click.option("--renew", is_flag=True, help="Begin again around today.")
@click.option("--purge", is_flag=True, help="Remove the whole set.")
def demonstration(seed: int, renew: bool, purge: bool) -> None:
    """Make, renew or remove the demonstration set."""
    if purge:
        demo.purge()
        click.echo("The demonstration set is gone.")
        return
    if not current_app.config["DEMO"]:
        raise Trouble("set DEMO=1 first: without it, a site with demonstration rows does not start.")
    count = demo.renew(now=clock.now(), seed=seed) if renew else demo.make(now=clock.now(), seed=seed)
    click.echo(f"{count} demonstration requests made." if count else "The demonstration set is there already.")


@click.command("bench-data")
@click.option("--venues", default=60, show_default=True, type=click.IntRange(1))
@click.option("--rooms", default=120, show_default=True, type=click.IntRange(1))
@click.option("--bookings", default=100_000, show_default=True, type=click.IntRange(0))
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same set, around today.")
def make_bench_data(venues: int, rooms: int, bookings: int, seed: int) -> None:
    """Fill an empty database with a large invented set to measure on."""
    try:
        size = bench_data.Size(venues, rooms, bookings, seed)
        with click.progressbar(length=bookings, label="Bookings", file=sys.stderr) as bar:
            is_new = bench_data.make(size, now=clock.now(), on_progress=bar.update)
        upkeep.take_over_what_is_shipped()
        upkeep.look_ahead(clock.now())
    except bench_data.CannotBeMade as error:
        raise Trouble(str(error)) from None
    click.echo(f"Made {size}." if is_new else f"It is there already: {size}.")


@click.command("grant")
@click.argument("email")
@click.option("--desk", required=True, help="A desk, a place that has none yet, or stad for the city desk.")
def grant(email: str, desk: str) -> None:
    """Make EMAIL a member of a desk."""
    try:
        name = desks.grant(email, desk, now=clock.now())
    except desks.UnknownDesk:
        raise Trouble(f"there is no desk and no place called {desk}.") from None
    click.echo(f"{email} is a member of {name}.")


@click.command("sign-in-link")
@click.argument("email")
def sign_in_link(email: str) -> None:
    """Print a one-time address to sign in with as EMAIL."""
    token = accounts.make_link(email, now=clock.now())
    click.echo(f"{current_app.config['PUBLIC_URL']}/aanmelden/link/{token}")


@click.command("worker")
def worker() -> None:
    """Send mail and watch the clock, until stopped."""
    refuse_demonstration_rows(current_app)
    stopping = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    rounds.work(_this_app(), stopping)


def _this_app() -> Flask:
    app: Flask = current_app._get_current_object()  # noqa: SLF001 -- Flask's documented way to hand the app to a thread
    return app


@click.command("send-mail")
def send_mail() -> None:
    """Send what waits, once."""
    count = 0
    try:
        while sent := rounds.deliver():
            count += sent
    except NoServer as error:
        raise Trouble(f"the mail server is away: {error}. {count} letters sent, the others wait.") from None
    except MailStopped as error:
        raise Trouble(f"the mail server refuses us: {error}. {count} letters sent, the others wait.") from None
    click.echo(f"{count} letters sent.")


@click.command("tick")
def tick() -> None:
    """Do one round of the clock."""
    now = clock.now()
    deadlines.tick(now)
    upkeep.look_ahead(now)


@click.command("doctor")
def doctor() -> None:
    """Tell whether everything works; exit status 1 when something does not."""
    problems = _problems()
    for problem in problems:
        click.echo(f"✗ {problem}")
    if problems:
        sys.exit(1)
    click.echo("✓ database, guards, occupancy, worker and mail are well: nothing overlaps, nothing is missing.")


def _problems() -> list[str]:
    try:
        now = clock.now()
        # What is found is kept, so that the page of the site's health is right again at once.
        return [*deadlines.look_at_everything(now), *health.problems(now), *_problems_of_mail(), *_problems_of_inbox()]
    except SQLAlchemyError as error:
        return [f"the database does not answer: {type(error).__name__}"]


def _problems_of_mail() -> list[str]:
    if current_app.config["DEMO"] and not current_app.config.get("MAIL_SERVER"):
        return []
    if not current_app.config.get("MAIL_SERVER"):
        return ["no mail leaves the house: set MAIL_SERVER"]
    try:
        mail_server.knock(current_app.config["MAIL_SENDER"])
    except (NoServer, MailStopped) as error:
        return [f"the mail server does not take our letters: {error}"]
    return []


def _problems_of_inbox() -> list[str]:
    box = current_app.extensions["inbox"]
    if box is None:
        return []
    try:
        inbox.knock(box)
    except inbox.NoMailbox as error:
        return [f"the mailbox for answers does not open: {error}"]
    return []


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def backup(file: Path | None) -> None:
    """Keep the whole database and its pictures in one checked FILE (default: var/backups/, named by the moment)."""
    path = file or BACKUPS / f"{clock.now():%Y-%m-%dT%H%M%S}.db"
    try:
        stored_backup.write(path, current_app.extensions["picture_store"].all())
    except stored_backup.NoBackup as error:
        raise Trouble(str(error)) from None
    click.echo(f"Kept and checked: {path}")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put back a backup FILE; stop the site first."""
    if processes.answers(current_app.config["PORT"]):
        raise Trouble("the site runs: stop it first, then put back the backup.")
    try:
        stored_backup.restore(file, current_app.extensions["picture_store"].put_back)
    except stored_backup.NoBackup as error:
        raise Trouble(str(error)) from None
    click.echo(f"Put back: {file}")


@click.command("serve")
def serve() -> None:
    """Run the site and its worker together, until Ctrl-C."""
    refuse_demonstration_rows(current_app)
    port = current_app.config["PORT"]
    if not processes.is_free(port):
        raise Trouble(f"port {port} is taken: stop what runs there, or choose another with PORT=8001 make run.")
    if not schema.is_of_today():
        # In a process of its own, which takes along the memory that it needed for it.
        _run("prepare")
    prepare()
    app = _this_app()
    _load_templates(app)
    welcome = "\n".join(_welcome())
    quiet = processes.Quiet(schema.let_go)

    def work(stopping: Event) -> None:
        is_open = False
        while not is_open and not stopping.wait(LOOK_AGAIN_SECONDS):
            with quiet:
                is_open = processes.answers(port)
        click.echo(welcome)
        rounds.work(app, stopping, quiet)

    server.serve_site(port, beside=work)


@click.command("prepare")
def make_ready() -> None:
    """Bring the database up to date and fill an empty one, as `serve` does first."""
    prepare()


def prepare() -> None:
    """Bring the database up to date; on the first start fill it with the register, and a demonstration with its set."""
    if not schema.is_of_today():
        _run("db", "upgrade")
    upkeep.take_over_what_is_shipped()
    upkeep.look_ahead(clock.now())
    if current_app.config["DEMO"] and not bench_data.is_there() and demo.make(now=clock.now()):
        click.echo("Made a demonstration set: people, desks, requests and bookings that do not exist.")


def _run(*words: str) -> None:
    """Run another command on this database, to its end."""
    schema.let_go()
    environ = os.environ | {"DATABASE_URL": current_app.config["SQLALCHEMY_DATABASE_URI"]}
    # The words are our own commands, given as a list: no shell reads them, and nothing in them was typed by anybody.
    done = subprocess.run(processes.command(*words), cwd=ROOT, env=environ, check=False)  # noqa: S603 -- as told above
    if done.returncode:
        raise Trouble("the database could not be brought up to date; what is wrong is said above.")


def _load_templates(app: Flask) -> None:
    """Load every template before the processes fork, which then share them; compiled ones are kept for next time."""
    folder: Path = app.extensions["config"].var_dir / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def _welcome() -> Iterator[str]:
    address = current_app.config["PUBLIC_URL"]
    yield f"\nZalenzoeker runs at {address}   (Ctrl-C stops it)\n"
    if current_app.config["DEMO"]:
        yield "Demonstration. Sign in without a password at /aanmelden as one of:"
        for person in stored_accounts.demonstration():
            yield f"  {person.name:28} {person.email}"
        yield f"The letters it would send: {address}/demo/postvak\n"


def refuse_demonstration_rows(app: Flask) -> None:
    """Stop a site that is no demonstration but has its rows: invented people must not decide about real rooms."""
    if app.config["DEMO"]:
        return
    try:
        has_rows = stored_accounts.has_demonstration_rows()
    except SQLAlchemyError:
        # No tables yet, or no database: that is for the first page, or the migration, to say.
        return
    if has_rows:
        raise Trouble(
            "this database holds demonstration people and bookings. Remove them with "
            "`.venv/bin/flask --app wsgi demo --purge`, or set DEMO=1 to show a demonstration."
        )
