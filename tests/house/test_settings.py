"""The settings: what Config reads is what the README's table explains."""

import re
from collections.abc import Mapping
from pathlib import Path

from zalenzoeker.config import Config

README = Path(__file__).parents[2] / "README.md"


class Overheard(Mapping):
    """An environment without settings that remembers what it was asked for."""

    def __init__(self):
        self.names = set()

    def __getitem__(self, name):
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0


def read_by_config(folder):
    environ = Overheard()
    Config.from_environment(environ, root=folder)
    return environ.names


def explained_in_the_readme():
    """Return the names in the first column of the tables under the heading that speaks of settings."""
    sections = re.split(r"^#+ +", README.read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = "".join(text for text in sections if re.match(r"settings|instellingen", text, re.IGNORECASE))
    assert section, "README.md has no section whose heading begins with 'Settings'."
    cells = re.findall(r"^\| *((?:`[A-Z][A-Z0-9_]*`[ ,]*)+)\|", section, flags=re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_settings_are_all_read_even_when_none_is_there(tmp_path):
    assert len(read_by_config(tmp_path)) == 21


def test_settings_that_are_read_are_explained(tmp_path):
    missing = read_by_config(tmp_path) - explained_in_the_readme()
    assert sorted(missing) == [], "Explain these in the README's table of settings."


def test_settings_that_are_explained_are_read(tmp_path):
    left_over = explained_in_the_readme() - read_by_config(tmp_path)
    assert sorted(left_over) == [], "Nobody reads these any more: take them out of the README's table of settings."
