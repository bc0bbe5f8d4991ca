"""What the night lets go of: links in letters that no longer open anything, addresses that nobody confirmed."""

from datetime import datetime, timedelta

from zalenzoeker.services import subscriptions
from zalenzoeker.storage import date_reminders, decision_links, feed_tokens, handovers
from zalenzoeker.storage.db import write_unit

# So long a page still says what became of a link: who decided by it, or that the date was given up.
LINKS_KEPT = timedelta(days=90)


def each_night(now: datetime) -> None:
    """Let go of links by which somebody decides or gives up a date, after 90 days, and of offers of a desk that ended.

    What came of them stays: on the timeline of the request, and on the log of the house.
    """
    with write_unit():
        decision_links.forget_before(now - LINKS_KEPT)
        date_reminders.forget_before(now - LINKS_KEPT)
        handovers.forget_ended(now)
        feed_tokens.forget_ended()
        subscriptions.each_night(now)
