"""The tests themselves: each file says what it is about, each name is a sentence, and nothing is pretended."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
# No unittest.mock, no pytest-mock, no monkeypatch: a test with a stand-in goes on passing when the real thing changes.
# The clock, the sender and the register are arguments, and a real one of the test's own is handed over instead.
PRETENDING = re.compile(r"^\s*(from|import) (unittest|mock)\b|\bmocker\b|\bMagicMock\b|\bmonkeypatch\b", re.MULTILINE)


def files():
    found = sorted(TESTS.rglob("*.py"))
    assert len(found) > 40, f"Only {len(found)} files under {TESTS}: this test looks in the wrong place."
    return [(str(path.relative_to(TESTS)), path.read_text(encoding="utf-8")) for path in found]


def test_files_say_in_one_line_what_they_are_about():
    lines = {name: ast.get_docstring(ast.parse(text)) or "" for name, text in files()}
    wrong = [name for name, line in lines.items() if not line or "\n" in line or not line.endswith((".", "`"))]
    assert wrong == [], "Give these a docstring of one line that ends as a sentence."


def test_names_are_a_thing_and_a_circumstance():
    short = [
        f"{name}: {node.name}"
        for name, text in files()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and len(node.name.split("_")) < 4
    ]
    assert short == [], "Say what is tried and under which circumstance."


def test_nothing_is_pretended_by_a_mock():
    here = Path(__file__).name
    assert [name for name, text in files() if PRETENDING.search(text) and not name.endswith(here)] == []
