"""What became of a proposal, each time as a line of the timeline: its title and what it means."""

from datetime import datetime

from flask_babel import gettext as _

from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.services.proposing import LOST
from zalenzoeker.storage.models import Event
from zalenzoeker.web.dates import moment


def words_of_a_proposal(event: Event) -> dict[Action, tuple[str, str]]:
    desk = event.facts.get("desk", "")
    stays = _("What was booked stays as it was.")
    waits = _("What was asked first is with the house again.")
    goes_on = stays if event.status is Status.APPROVED else waits
    until = datetime.fromisoformat(event.facts["until"]) if event.facts.get("until") else None
    return {
        Action.PROPOSE: (
            _("The house proposes something else"),
            _("After a yes, %(desk)s still decides about it.", desk=desk)
            if desk
            else _("It is kept until %(moment)s.", moment=moment(until))
            if until
            else "",
        ),
        Action.AGREE: (
            _("The asker said yes to the proposal"),
            _("%(desk)s decides about it.", desk=desk) if desk else _("The room is yours."),
        ),
        Action.DECLINE: (_("The asker said no to the proposal"), goes_on),
        Action.PROPOSAL_END: (
            _("What was proposed is no longer free")
            if event.facts.get(LOST)
            else _("The house took its proposal back")
            if event.account_id
            else _("The proposal ended without an answer"),
            goes_on,
        ),
    }
