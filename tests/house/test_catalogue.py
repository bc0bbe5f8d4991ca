"""The catalogue: every sentence of code and templates has its Dutch, and nothing else is in it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.browser import CATALOGUE, FORBIDDEN

ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<[^>]+>")


@pytest.fixture(scope="module")
def in_the_code(tmp_path_factory):
    """Return every message of code and templates, extracted as `make words` does it."""
    file = tmp_path_factory.mktemp("words") / "messages.pot"
    pybabel = Path(sys.executable).with_name("pybabel")
    options = ["-F", "pyproject.toml", "-k", "lazy_gettext", "-k", "_l", "--omit-header"]
    subprocess.run([pybabel, "-q", "extract", *options, "-o", file, "."], cwd=ROOT, check=True)
    return messages(file)


@pytest.fixture(scope="module")
def translated():
    assert CATALOGUE.exists(), f"{CATALOGUE} is not there: run `make words` and translate."
    return messages(CATALOGUE)


def messages(file):
    with file.open("rb") as handle:
        return {key(message): message for message in read_po(handle) if message.id}


def key(message):
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def strings(message):
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def test_sentences_are_all_in_the_catalogue(in_the_code, translated):
    assert sorted(set(in_the_code) - set(translated)) == [], "Run `make words` and translate these."


def test_sentences_that_nobody_says_any_more_are_gone(in_the_code, translated):
    assert sorted(set(translated) - set(in_the_code)) == [], "Run `make words`: it takes these out."


def test_sentences_are_all_translated(translated):
    assert sorted(name for name, one in translated.items() if not all(strings(one))) == []


def test_sentences_are_never_a_guess(translated):
    assert sorted(name for name, one in translated.items() if one.fuzzy) == [], "Read these and take away `fuzzy`."


def test_sentences_keep_what_is_filled_in(translated):
    differing = {}
    for name, one in translated.items():
        wanted = set(PLACEHOLDER.findall(name[-1]))
        for number, said in enumerate(strings(one)):
            found = set(PLACEHOLDER.findall(said))
            # One thing may be said without its number: "nog één keer".
            is_single = number == 0 and len(name) == 2
            if found != wanted and not (is_single and found == wanted - {"%(num)d"}):
                differing[name[0]] = said
    assert differing == {}


def test_sentences_end_as_their_english_does(translated):
    """A sentence stays a sentence, a question a question."""
    differing = {
        name[0]: said
        for name, one in translated.items()
        for said in strings(one)
        if name[0][-1:] in ".?" and said[-1:] != name[0][-1:]
    }
    assert differing == {}


def test_sentences_avoid_the_word_that_promises_too_much(translated):
    assert [said for one in translated.values() for said in strings(one) if FORBIDDEN.search(said)] == []


def test_sentences_speak_to_one_person_as_je(translated):
    """Visitors are `je`, never `u`."""
    formal = re.compile(r"\b(u|uw|uzelf)\b", re.IGNORECASE)
    assert [said for one in translated.values() for said in strings(one) if formal.search(said)] == []
