"""What the night lets go of: links that no longer open anything, what old letters said, addresses nobody confirmed."""

from datetime import datetime, timedelta

from zalenzoeker.services import subscriptions
from zalenzoeker.storage import date_reminders, decision_links, feed_tokens, handovers, outbox
from zalenzoeker.storage.db import write_unit

# So long a page still says what became of a link: who decided by it, or that the date was given up.
LINKS_KEPT = timedelta(days=90)
# Ghent's register of processing lets what is known about free use of rooms be "destroyed after the end of its
# administrative use"; a letter has none once nobody can ask any more why it was not answered.
LETTERS_KEPT = timedelta(days=90)
# So nobody who asks a room waits long for the night.
LETTERS_AT_ONCE = 500


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
    forget_letters(now)


def forget_letters(now: datetime) -> int:
    """Let go of what letters said, 90 days after they were written; to whom, when and what became of them stays.

    Done again it finds nothing more. Returns how many letters were forgotten.
    """
    count = 0
    while True:
        with write_unit():
            some = outbox.forget_bodies(now - LETTERS_KEPT, now, LETTERS_AT_ONCE)
        count += some
        if some < LETTERS_AT_ONCE:
            return count
