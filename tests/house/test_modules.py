"""The modules: each says in one line what is found there, and none grows too long to be read."""

import ast
import tomllib
from pathlib import Path

import zalenzoeker

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "zalenzoeker"
LONGEST = 320


def modules():
    found = sorted(HOUSE.rglob("*.py"))
    assert len(found) > 10, f"Only {len(found)} modules under {HOUSE}: this test looks in the wrong place."
    return [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in found]


def test_module_docstrings_are_one_line_each():
    complaints = []
    for name, text in modules():
        docstring = ast.get_docstring(ast.parse(text))
        if docstring is None:
            complaints.append(f"{name} has no docstring: say in its first line what is found there.")
        elif "\n" in docstring or not docstring.endswith((".", "?", "`")):
            complaints.append(f"{name}: make its docstring one line that ends as a sentence; put the rest in comments.")
    assert "\n".join(complaints) == ""


def test_module_docstrings_are_all_different():
    seen = {}
    for name, text in modules():
        seen.setdefault(ast.get_docstring(ast.parse(text)), []).append(name)
    doubles = [f"{' and '.join(names)} say the same: {line!r}." for line, names in seen.items() if len(names) > 1]
    assert "\n".join(doubles) == ""


def test_modules_are_short_enough_to_be_read():
    complaints = [
        f"{name} has {lines} lines and may have {LONGEST}: split its noun in two; make no `helpers`."
        for name, text in modules()
        if (lines := len(text.splitlines())) > LONGEST
    ]
    assert "\n".join(complaints) == ""


def test_modules_do_not_name_tests_or_other_checkouts():
    complaints = [
        f"{name} names {word}: the house stands without it."
        for name, text in modules()
        for word in ("import tests", "from tests", "/home/", "/tmp/")
        if word in text
    ]
    assert "\n".join(complaints) == ""


def test_version_is_the_same_in_both_places():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == zalenzoeker.__version__
