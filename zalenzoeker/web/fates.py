"""The letters of a request on its timeline: to whom, and what became of each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker.domain.fates import IS_LOST, Fate, fate_of
from zalenzoeker.storage import letters
from zalenzoeker.storage.letters import KnownLetter
from zalenzoeker.storage.models import Event, Request
from zalenzoeker.web.access import actor
from zalenzoeker.web.dates import moment
from zalenzoeker.web.happened import Mail, Step
from zalenzoeker.web.letter_words import LOOK_OF_FATE, fate_said, letter_name


def with_fates(steps: Sequence[Step], events: Sequence[Event], request: Request, *, to_desk: bool) -> list[Step]:
    """The steps of these events, each with the letters that were written by then; the steps after them as they are.

    The asker's side sees the letters to the asker, the desk those to itself as well.
    """
    found = [one for one in letters.of_request(request.id) if to_desk or _is_askers(one, request)]
    at: dict[int, list[KnownLetter]] = {}
    for one in found:
        number = max((place for place, event in enumerate(events) if event.at <= one.created_at), default=None)
        if number is not None:
            at.setdefault(number, []).append(one)
    return [replace(step, mails=tuple(_said(at.get(place, ())))) for place, step in enumerate(steps)]


def _is_askers(letter: KnownLetter, request: Request) -> bool:
    """To who asked, at the address that their page shows; nobody else's address stands there."""
    return not letter.is_for_desk and letter.recipient == request.contact_email


def _said(found: Sequence[KnownLetter]) -> list[Mail]:
    """A line for each letter to the asker and for each that did not arrive, and one for each kind to the desk."""
    said = []
    to_desk: dict[tuple[str, Fate], list[KnownLetter]] = {}
    for one in found:
        fate = _fate(one)
        if one.is_for_desk and fate not in IS_LOST:
            to_desk.setdefault((one.kind, fate), []).append(one)
        else:
            said.append(Mail(_line(one, fate, _to(one)), LOOK_OF_FATE.get(fate, "")))
    for (_kind, fate), some in to_desk.items():
        to = ngettext("to %(num)d address of the desk", "to %(num)d addresses of the desk", len(some))
        said.append(Mail(_line(some[0], fate, to), LOOK_OF_FATE.get(fate, "")))
    return said


def _line(letter: KnownLetter, fate: Fate, to: str) -> str:
    words = {"letter": letter_name(letter.kind), "to": to, "fate": fate_said(fate, _moment(letter, fate))}
    return _("Letter “%(letter)s” %(to)s: %(fate)s", **words)


def _to(letter: KnownLetter) -> str:
    """An address only for whom it belongs to: the asker's stands on the page already, a desk knows its own."""
    if not letter.is_for_desk:
        return _("to %(email)s", email=letter.recipient) if letter.recipient else _("to the asker, on paper")
    who = actor()
    if who.is_city or (letter.desk_id in who.desk_ids and letter.desk_id is not None):
        return _("to %(email)s", email=letter.recipient)
    return _("to somebody of the desk")


def _fate(letter: KnownLetter) -> Fate:
    return fate_of(letter.state.value, last_error=letter.last_error, has_bounced=letter.bounced_at is not None)


def _moment(letter: KnownLetter, fate: Fate) -> str:
    when: dict[Fate, datetime | None] = {
        Fate.SENT: letter.sent_at,
        Fate.BUNDLED: letter.sent_at,
        Fate.TRYING: letter.next_try_at,
        Fate.HANDED_OVER: letter.printed_at,
    }
    found = when.get(fate)
    return moment(found) if found else ""
