"""What is committed: our own work and nothing of others, with papers that tell the truth."""

import re
import subprocess
import tokenize
from io import StringIO
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP = {
    ".ci",
    ".gitattributes",
    ".gitignore",
    ".npmrc",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "build.mjs",
    "migrations",
    "package-lock.json",
    "package.json",
    "pictures",
    "pyproject.toml",
    "requirements",
    "static",
    "templates",
    "tests",
    "wsgi.py",
    "zalenzoeker",
}
MINIFIED = 400
SILENCED = re.compile(r"# *(noqa|type: *ignore|pragma:)")
# As the tools want it: ruff reads on after a code, mypy wants a comment of its own.
WITH_A_REASON = re.compile(r"# (noqa: [A-Z]+\d+(, [A-Z]+\d+)* --|type: ignore\[[a-z, -]+\]  #) \w.+\w")


def committed():
    """Return the path of every file that git keeps."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout of git: nothing is committed here")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).exists()]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_top_of_the_tree_has_only_what_is_explained():
    assert sorted({name.partition("/")[0] for name in committed()} - TOP) == [], "Say in CONTRIBUTING why it is there."


def test_code_of_others_is_not_committed():
    forbidden = re.compile(r"(^|/)(node_modules|dist|vendor|third_party|var)/|\.min\.(js|css)$|\.(woff2?|map|whl)$")
    assert [name for name in committed() if forbidden.search(name)] == []


def test_tools_are_silenced_only_with_a_reason():
    comments = [
        (f"{name}:{token.start[0]}", token.string)
        for name in committed()
        if name.endswith(".py")
        for token in tokenize.generate_tokens(StringIO(read(name)).readline)
        if token.type == tokenize.COMMENT and SILENCED.search(token.string)
    ]
    assert comments
    silent = [f"{where}: {comment}" for where, comment in comments if not WITH_A_REASON.search(comment)]
    assert silent == [], "Say why behind it: `# noqa: S311 -- the same set again is what it is for`."


def test_scripts_and_styles_are_readable():
    """A library squeezed into one line is recognised by its line."""
    sources = [name for name in committed() if name.endswith((".js", ".mjs", ".css"))]
    assert sources
    assert [name for name in sources if max(map(len, read(name).splitlines()), default=0) > MINIFIED] == []


def test_names_of_libraries_do_not_stand_in_scripts_of_ours():
    banners = re.compile(r"@license|Copyright \(c\)|Released under the|sourceMappingURL", re.IGNORECASE)
    sources = [name for name in committed() if name.endswith((".js", ".mjs", ".css"))]
    assert [name for name in sources if banners.search(read(name))] == []


def test_lock_files_have_hashes_and_no_addresses():
    locks = [
        name for name in committed() if re.fullmatch(r"requirements/\w+\.txt|(tests/interop/)?package-lock\.json", name)
    ]
    assert len(locks) == 6
    assert [name for name in locks if re.search(r"https?://", read(name)) and not name.endswith(".json")] == []
    for name in (one for one in locks if one.endswith(".json")):
        assert [line for line in read(name).splitlines() if '"resolved"' in line] == []
    for name in (one for one in locks if one.endswith(".txt")):
        pins = re.findall(r"^[\w.\[\]-]+==", read(name), flags=re.MULTILINE)
        assert len(pins) <= read(name).count("--hash=sha256:"), f"{name} has a line without hashes."


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_papers_are_there(name):
    assert (ROOT / name).exists(), f"{name} is missing."
    assert read(name).startswith("# ")


def test_commands_of_the_readme_are_those_of_the_makefile():
    """README names the most important ones; `make` alone lists them all."""
    makefile = set(re.findall(r"^## (\w+) {2,}", read("Makefile"), flags=re.MULTILINE))
    readme = set(re.findall(r"(?:`|^)make (\w+)", read("README.md"), flags=re.MULTILINE))
    assert readme >= {"run", "test"}
    assert sorted(readme - makefile) == []


def test_flask_commands_of_the_readme_are_those_of_the_site(app):
    named = set(re.findall(r"flask --app wsgi ([a-z-]+)", read("README.md")))
    ours = set(app.cli.commands) - {"db"}
    assert sorted(named - ours) == [], "README names commands that are not there."
    assert sorted(ours - named - {"draw-schematic", "serve", "send-mail", "tick", "restore"}) == [], "Not in README."


def test_commands_of_the_makefile_have_their_recipe():
    makefile = read("Makefile")
    helped = re.findall(r"^## (\w+) {2,}", makefile, flags=re.MULTILINE)
    assert [name for name in helped if not re.search(rf"^{name}:", makefile, flags=re.MULTILINE)] == []


def test_licence_is_named_the_same_everywhere():
    assert 'license = "EUPL-1.2"' in read("pyproject.toml")
    assert "EUPL-1.2" in read("README.md")


def test_pictures_of_the_readme_are_there():
    named = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", read("README.md"))
    assert named, "README shows no picture."
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_machines_and_folders_of_makers_are_not_named():
    """A checkout stands alone: no path of somebody's machine, no other checkout."""
    names = re.compile(r"(?<![\w.:/])/(?:home|root|srv/\w+|w[o]rk)/\w")
    texts = [
        name for name in committed() if name.endswith((".py", ".md", ".toml", ".js", ".mjs", ".html", ".txt", ".yml"))
    ]
    assert [name for name in texts if name != "tests/house/test_repository.py" and names.search(read(name))] == []
