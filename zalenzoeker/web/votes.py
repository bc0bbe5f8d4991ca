"""Votes in words: how a desk votes, how it stands, who said what, and the form by which a member votes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import Length

from zalenzoeker.domain.advice import AdviceKind, Outcome, Silence
from zalenzoeker.domain.permissions import is_own
from zalenzoeker.domain.requests import Action
from zalenzoeker.domain.slots import to_local
from zalenzoeker.storage import advice as storage
from zalenzoeker.storage.advice import Votes
from zalenzoeker.storage.models import Request, Vote
from zalenzoeker.web.access import actor
from zalenzoeker.web.dates import day_long, moment
from zalenzoeker.web.fields import LONGEST_TEXT, PageForm, check_text, needed, strip

KIND = {
    AdviceKind.NONE: _l("Everybody of the desk can decide alone"),
    AdviceKind.DECIDES: _l("We decide together, by our votes"),
    AdviceKind.ADVISES: _l("We give advice, and the city desk decides"),
}
SILENCE = {
    Silence.YES: _l("It counts as a yes"),
    Silence.NO: _l("It counts as a no"),
    Silence.NOTHING: _l("It means nothing"),
}


def _words(label: Any, name: str) -> Any:
    too_long = Length(max=LONGEST_TEXT, message=_l("Keep it under %(max)d characters."))
    return TextAreaField(label, name=name, filters=[strip], validators=[too_long, check_text])


class VoteForm(PageForm):
    """What a member says about a request, on the version of it that they saw."""

    vote = RadioField(
        _l("What do you say?"),
        name="stem",
        choices=[SelectChoice(Action.APPROVE.value, _l("Yes")), SelectChoice(Action.REFUSE.value, _l("No"))],
        validators=[needed(_l("Choose yes or no"))],
    )
    # The page has a form with a version of its own besides.
    version = HiddenField(
        name="versie", id="stem-versie", validators=[needed(_l("Open the request again and decide then."))]
    )
    note = _words(_l("Why?"), "uitleg")
    to_asker = _words(_l("A word for the asker"), "aan-aanvrager")

    @property
    def is_yes(self) -> bool:
        return bool(self.vote.data == Action.APPROVE)


@dataclass(frozen=True)
class Said:
    """What one member said: ``vote`` is ja, nee or empty; ``when`` and ``note`` may be empty."""

    name: str
    vote: str
    when: str = ""
    note: str = ""


@dataclass(frozen=True)
class VotesShown:
    """How several decide about a request, for its page at the desk. ``form``: for who can vote now.

    ``title`` and ``sentences`` say how and how it stands; ``said`` and ``older`` are empty for who must not know.
    """

    title: str
    sentences: tuple[str, ...]
    said: tuple[Said, ...] = ()
    older: tuple[Said, ...] = ()
    desk: str = ""
    form: VoteForm | None = None
    is_mine: bool = False


def shown_of(found: Request) -> VotesShown | None:
    """What the page of a request says of votes: those that are going on, or the advice that was given before."""
    is_asker = is_own(actor(), found.parties)
    votes = storage.about(found)
    if votes is not None:
        return _going_on(found, votes, is_asker=is_asker)
    later = list(takewhile(lambda one: one.action is not Action.ADVISE, reversed(found.events)))
    given = found.events[-len(later) - 1] if len(later) < len(found.events) else None
    if given is None or given.desk_id is None:
        return None
    facts = given.facts.get("advice", {})
    said = [] if is_asker else storage.at_desk(found.id, given.desk_id)
    sentences = [_outcome_said(facts), counted_said(facts)]
    if any(one.action in (Action.CHANGE, Action.PUT_BACK) for one in later):
        sentences.append(_("The asker changed the request after that."))
    title = _("Advice of %(desk)s", desk=given.facts.get("former", ""))
    return VotesShown(title, tuple(one for one in sentences if one), tuple(_said(one) for one in said))


def _going_on(found: Request, votes: Votes, *, is_asker: bool) -> VotesShown:
    is_advice = votes.voting.kind is AdviceKind.ADVISES
    title = _("Your desk gives advice") if is_advice else _("Your desk decides together")
    if actor().is_city and found.desk_id not in actor().desk_ids and found.desk:
        title = _("%(desk)s gives advice", desk=found.desk.name) if is_advice else _together(found.desk.name)
    if is_asker:
        return VotesShown(title, (how_said(votes),))
    counts = votes.tally
    stands = _("So far: %(yes)s yes, %(no)s no, %(left)s not yet.", yes=counts.yes, no=counts.no, left=counts.left)
    sentences = [how_said(votes), until_said(found, votes) if found.decision is None else "", stands]
    if len(found.dates) > 1:
        sentences.append(_("A vote is about all dates that wait. The city desk can decide date by date."))
    mine = votes.of(actor().account_id)
    may = found.decision is None and (mine is not None or votes.is_missing(actor().account_id))
    missing = [Said(one.name or one.email, "") for one in votes.missing]
    return VotesShown(
        title,
        tuple(one for one in sentences if one),
        (*(_said(one) for one in votes.counted), *missing),
        tuple(_said(one) for one in votes.older),
        desk=found.desk.slug if found.desk else "",
        form=_form(found, mine) if may else None,
        is_mine=mine is not None,
    )


def _together(desk: str) -> str:
    return _("%(desk)s decides together", desk=desk)


def _form(found: Request, mine: Vote | None) -> VoteForm:
    """The form with what this person said before."""
    form = VoteForm(formdata=None, version=str(found.version))
    if mine is not None:
        form.vote.data = (Action.APPROVE if mine.is_yes else Action.REFUSE).value
        form.note.data, form.to_asker.data = mine.note, mine.to_asker
    return form


def _said(vote: Vote) -> Said:
    name = vote.account.name or vote.account.email
    if vote.account_id == actor().account_id:
        name = _("%(name)s (you)", name=name)
    return Said(name, "ja" if vote.is_yes else "nee", moment(vote.at), vote.note)


def how_said(votes: Votes) -> str:
    """How many must say yes, of how many who can, and what their votes are."""
    counts = votes.tally
    if not counts.may_vote:
        return _("Nobody of this desk can vote about it: it is their own request. The city desk decides.")
    enough = ngettext(
        "One yes is enough; %(members)s can vote.",
        "%(num)d of the %(members)s who can vote must say yes.",
        counts.needed,
        members=counts.may_vote,
    )
    if votes.voting.needed > counts.needed:
        enough += " " + _("Usually %(needed)s, but no more than that can vote.", needed=votes.voting.needed)
    if votes.voting.kind is AdviceKind.ADVISES:
        return enough + " " + _("It is advice: after that the city desk decides.")
    return enough


def until_said(found: Request, votes: Votes) -> str:
    """Until when is voted, and what silence means."""
    if not votes.tally.may_vote:
        return ""
    if found.vote_until is None:
        return _("The time to vote is over without an outcome. Votes still count, and the city desk can decide.")
    silence = SILENCE_ABOUT[votes.voting.silence]
    if votes.voting.kind is AdviceKind.ADVISES and silence is SILENCE_ABOUT[Silence.NOTHING]:
        silence = _l("Without enough votes by then, it goes to the city desk without advice.")
    until = _("Vote before %(moment)s.", moment=moment(found.vote_until))
    return f"{until} {silence}"


SILENCE_ABOUT: Mapping[Silence, Any] = {
    Silence.YES: _l("Who has not voted by then counts as a yes."),
    Silence.NO: _l("Who has not voted by then counts as a no."),
    Silence.NOTHING: _l("Without enough votes by then, the request goes on waiting, and the city desk can decide."),
}


def voting_said(found: Request) -> tuple[str, ...]:
    """How a request is voted about and until when, in sentences; empty where nobody votes."""
    votes = storage.about(found)
    return (how_said(votes), until_said(found, votes)) if votes is not None else ()


def counted_said(votes: Mapping[str, Any]) -> str:
    """How the votes stood, as a decision or an advice keeps it; empty where nothing is kept."""
    if not votes.get("of"):
        return ""
    said = ngettext(
        "%(yes)s of %(num)d member said yes.",
        "%(yes)s of the %(num)d members said yes.",
        votes["of"],
        yes=votes.get("yes", 0),
    )
    if votes.get("is_silence"):
        said += " " + _("The time to vote was over.")
    return said


def _outcome_said(advice: Mapping[str, Any]) -> str:
    return {
        Outcome.YES: _("The advice is favourable."),
        Outcome.NO: _("The advice is unfavourable."),
    }.get(advice.get("outcome", ""), _("There was no advice in time."))


def inbox_tags(found: Collection[Request]) -> dict[int, tuple[str, str]]:
    """By the id of each request about which is voted: how it stands, and its look; for a list, asked at once."""
    return {request_id: _tag(votes) for request_id, votes in storage.about_all(found).items()}


def _tag(votes: Votes) -> tuple[str, str]:
    counts = votes.tally
    stands = _("%(cast)s of %(members)s votes", cast=counts.yes + counts.no, members=counts.may_vote)
    if votes.is_missing(actor().account_id):
        return _("%(stands)s, yours is missing", stands=stands), "wait"
    return stands, "info"


def said_to_asker(found: Request) -> str:
    """How the house decides, in plain words for everybody; empty where one person does."""
    votes = storage.about(found)
    if votes is None or found.desk is None:
        return ""
    until = day_long(to_local(found.vote_until).date()) if found.vote_until else ""
    names = {"desk": found.desk.name, "day": until}
    if votes.voting.kind is AdviceKind.ADVISES:
        if until:
            return _("%(desk)s gives advice, by %(day)s at the latest. After that the city desk decides.", **names)
        return _("%(desk)s gives advice. After that the city desk decides.", **names)
    if until and votes.voting.silence is not Silence.NOTHING:
        return _("The members of %(desk)s decide together, by %(day)s at the latest.", **names)
    if until:
        return _("The members of %(desk)s decide together. They vote until %(day)s.", **names)
    return _("The members of %(desk)s decide together.", **names)
