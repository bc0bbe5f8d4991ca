"""The words of a visit's language, looked up once for the visit and not once for every sentence of its pages."""

from typing import Any

from flask import Flask, g
from flask_babel import Babel, Domain
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class Catalogue(Domain):
    """Flask-Babel's catalogue, kept for as long as the language stays the same: a page asks it some hundred times."""

    def get_translations(self) -> Any:
        visit = g.get("_flask_babel")
        if visit is None:
            return super().get_translations()
        # Flask-Babel itself resets this name when the language is changed for a while, as for a letter.
        if getattr(visit, "babel_translations", None) is None:
            visit.babel_translations = super().get_translations()
        return visit.babel_translations


def init_app(app: Flask) -> None:
    """Set up Flask-Babel with a catalogue that is quick to ask."""
    babel = Babel(app)
    catalogue = Catalogue()
    babel.domain_instance = catalogue
    app.jinja_env.install_gettext_callables(
        lambda sentence: catalogue.get_translations().ugettext(sentence),
        lambda one, many, count: catalogue.get_translations().ungettext(one, many, count),
        newstyle=True,
    )

    @pass_eval_context
    def said(context: EvalContext, sentence: str, /, **variables: Any) -> str:
        words = catalogue.get_translations().ugettext(sentence)
        return (Markup(words) if context.autoescape else words) % variables  # noqa: S704 -- a sentence of our own

    # Jinja's own goes through three functions for each of the hundred sentences of a page.
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = said
