"""Templates: each is where its view looks for it, each is used, and none brings styles, scripts or globals along."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import nodes
from jinja2.meta import find_referenced_templates, find_undeclared_variables

from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.web.errors import OWN_PAGES

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
WEB = ROOT / "zalenzoeker" / "web"
# What a component may know besides its arguments: words, the names of built files, addresses.
KNOWN_EVERYWHERE = {"_", "gettext", "ngettext", "asset", "url_for", "caller"}
LETTER = {"subject.txt", "body.txt", "body.html"}


def templates(folder=""):
    found = sorted(str(one.relative_to(TEMPLATES)) for one in (TEMPLATES / folder).rglob("*.*"))
    assert found, f"No templates in {TEMPLATES / folder}: this test looks in the wrong place."
    return found


def rendered_by_code():
    """Return (module, template) for every template that a page module names."""
    found = []
    for path in sorted(WEB.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render_template":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.append((path.stem, first.value))
    return found


def parsed(app, name):
    return app.jinja_env.parse((TEMPLATES / name).read_text(encoding="utf-8"))


def written_once(app):
    """Return the templates that layouts write once for everybody."""
    calls = [call for name in templates("layouts") for call in parsed(app, name).find_all(nodes.Call)]
    return {call.args[0].value for call in calls if getattr(call.node, "name", "") == "written_once"}


def test_templates_are_all_used(app):
    used = {name for _, name in rendered_by_code()} | written_once(app)
    used |= {f"errors/{code}.html" for code in OWN_PAGES}
    used |= {f"mail/{kind}/{name}" for kind in LetterKind for name in LETTER}
    for name in templates():
        used |= set(find_referenced_templates(parsed(app, name)))
    assert sorted(set(templates()) - used) == [], "Nobody renders or includes these: take them out."


def test_templates_that_are_named_are_all_there(app):
    named = {name for _, name in rendered_by_code()}
    for name in templates():
        named |= set(find_referenced_templates(parsed(app, name)))
    assert sorted(named - set(templates())) == []


def test_templates_are_found_by_the_name_of_their_view(app):
    """`web/requests.py:new` renders `requests/new.html`."""
    views = {endpoint.replace(".", "/") for endpoint in app.view_functions}
    strays = sorted(
        name
        for module, name in rendered_by_code()
        if name.partition("/")[0] not in {module, "errors"} and name.rpartition(".")[0] in views
    )
    assert strays == [], "These pages are rendered by another module than the one they are named after."


def test_errors_each_have_their_page():
    assert {name for name in templates("errors") if not Path(name).name.startswith("_")} == {
        f"errors/{code}.html" for code in OWN_PAGES
    }


@pytest.mark.parametrize("name", templates("components"))
def test_component_takes_what_it_shows_as_arguments(app, name):
    tree = parsed(app, name)
    unknown = find_undeclared_variables(tree) - KNOWN_EVERYWHERE
    assert sorted(unknown) == [], "Hand it in as an argument of the macro."


@pytest.mark.parametrize("name", templates("components"))
def test_component_is_one_macro_of_the_same_name(app, name):
    macros = [node.name for node in parsed(app, name).find_all(nodes.Macro)]
    assert macros == [Path(name).stem]


@pytest.mark.parametrize("name", [one for one in templates() if not one.startswith("mail/")])
def test_template_has_no_style_or_script_of_its_own(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert (
        re.findall(
            r"\sstyle=|<style|<script(?![^>]*\s(?:src=|type=\"application/ld\+json\"))|\son\w+=\"|javascript:", text
        )
        == []
    )


@pytest.mark.parametrize("name", [one for one in templates() if one.endswith((".html", ".txt"))])
def test_template_marks_nothing_safe_that_somebody_typed(name):
    """`|safe` only behind a literal, `|tojson` or a template of ours."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    marked = re.findall(r"([\w.\])'\"]+)\s*\|\s*safe\b", text)
    assert [one for one in marked if one[-1] not in "'\""] == [], "This turns off escaping of a value."


@pytest.mark.parametrize("name", [one for one in templates() if one.endswith(".html")])
def test_template_has_no_text_outside_the_catalogue(name):
    """Every word between tags goes through _(); what is left is punctuation."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    bare = re.sub(r"\bclass=\"[^\"]*\"", " ", bare)
    bare = re.sub(r"<(style|script)\b.*?</\1>", " ", bare, flags=re.DOTALL)
    bare = re.sub(r"<!--.*?-->|<[^>]*>|&\w+;", " ", bare, flags=re.DOTALL)
    bare = re.sub(r"#\w+", " ", bare)
    words = re.findall(r"[^\W\d_]{3,}", bare)
    assert words == [], f"{name} says this without _()."
