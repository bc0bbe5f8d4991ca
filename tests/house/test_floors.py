"""The floors: the contracts of pyproject.toml hold, and each of them notices who breaks it."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "zalenzoeker"

FLOORS = "Each floor imports only the floors below it, and every module has its floor"
PAGES = "Pages do not import each other, and what they share does not import a page"
RULES = "The rules know neither a library, nor the clock, nor the settings"
SERVICES = "Services know no page, no form, no letter box and no calendar: what they need is handed to them"
CLOCK = "The clock is read at the edge of the house; the floors below get `now` as an argument"
SESSION = "Only services and the app reach the session: a page cannot commit"
OUTBOX = "Only services and the app reach the outbox: a page cannot send mail"
MAIL = "Only the worker and the commands reach the mail server: no page waits for it"
SETTINGS = "Only the app and the commands read the settings"
CIRCLES = "Neighbours do not import each other in a circle"


def broken_contracts(folder):
    """Return the names of the contracts that the package in this folder breaks, and all that was said."""
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert program, "import-linter is missing: run `make test`, which installs it."
    said = subprocess.run(
        [program, "--no-cache", "--no-logo", "--config", str(ROOT / "pyproject.toml")],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "400", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    everything = said.stdout + said.stderr
    broken = {line.removesuffix(" BROKEN") for line in everything.splitlines() if line.endswith(" BROKEN")}
    assert broken or said.returncode == 0, everything
    return broken, everything


def test_floors_of_the_house_hold():
    broken, everything = broken_contracts(ROOT)
    assert broken == set(), everything


@pytest.fixture
def empty_house(tmp_path):
    """A copy of the house with every module in its place and nothing in it."""
    for module in HOUSE.rglob("*.py"):
        copy = tmp_path / module.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    return tmp_path


def test_floors_of_an_empty_house_hold(empty_house):
    assert broken_contracts(empty_house)[0] == set()


@pytest.mark.parametrize(
    "module, line, contracts",
    [
        ("domain/rules", "from zalenzoeker.services import requests", {FLOORS}),
        ("storage/rooms", "from zalenzoeker.gateways import mailer", {FLOORS}),
        ("gateways/mailer", "def send():\n    from zalenzoeker.storage import rooms", {FLOORS}),
        ("web/pages", "from zalenzoeker import cli", {FLOORS}),
        ("services/requests", "from zalenzoeker.web import wording", {FLOORS}),
        ("helpers", "", {FLOORS}),
        ("web/rooms", "from zalenzoeker.web import desk", {PAGES}),
        ("web/rooms", "def show():\n    from zalenzoeker.web.desk import inbox", {PAGES}),
        ("web/forms", "from zalenzoeker.web import desk", {PAGES}),
        ("web/tricks", "", {PAGES}),
        ("domain/rules", "from sqlalchemy import select", {RULES}),
        ("domain/rules", "from zalenzoeker.clock import now", {RULES, CLOCK}),
        ("services/requests", "from flask import current_app", {SERVICES}),
        ("services/requests", "from zalenzoeker.gateways import mailer", {SERVICES}),
        ("storage/rooms", "from zalenzoeker import clock", {CLOCK}),
        ("web/rooms", "from zalenzoeker.storage.db import db", {SESSION}),
        ("web/rooms", "from zalenzoeker.gateways import mail_server", {MAIL}),
        ("cli", "from zalenzoeker.storage.db import db", {SESSION}),
        ("web/rooms", "from zalenzoeker.storage import outbox", {OUTBOX}),
        ("storage/rooms", "from zalenzoeker.storage import outbox", {OUTBOX}),
        ("gateways/mailer", "from zalenzoeker.config import Config", {SETTINGS}),
        ("domain/slots", "from zalenzoeker.domain import rules", set()),
    ],
)
def test_contract_that_is_broken_says_so(empty_house, module, line, contracts):
    (empty_house / "zalenzoeker" / f"{module}.py").write_text(f"{line}\n")
    assert broken_contracts(empty_house)[0] == contracts


def test_neighbours_in_a_circle_are_noticed(empty_house):
    for module, other in (("slots", "rules"), ("rules", "requests"), ("requests", "slots")):
        (empty_house / "zalenzoeker/domain" / f"{module}.py").write_text(f"from zalenzoeker.domain import {other}\n")
    assert broken_contracts(empty_house)[0] == {CIRCLES}


def test_domain_imports_only_itself_and_the_standard_library():
    strangers = [
        f"{path.relative_to(ROOT)}:{node.lineno} imports {name}: the rules need only Python's own library. Hand the "
        "value in as an argument."
        for path in sorted((HOUSE / "domain").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in imported(node)
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("zalenzoeker.domain")
    ]
    assert "\n".join(strangers) == ""


def imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def test_nothing_is_sent_from_a_page():
    """Pages write letters out to show or print them (`compose`, `on_paper`); what sends them belongs to the worker."""
    shown = {"compose", "on_paper", "EmailMessage"}
    used = {
        (path.name, node.attr)
        for path in sorted((HOUSE / "web").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "mailer"
    }
    imported = [
        (path.name, node.module)
        for path in sorted((HOUSE / "web").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in {"zalenzoeker.gateways.mailer", "smtplib", "flask_mail"}
    ]
    assert ({name for _page, name in used} - shown, imported) == (set(), [])
