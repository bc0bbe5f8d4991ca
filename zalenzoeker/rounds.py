"""The worker: round after round, it watches the clock and sends what waits."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import SystemRandom
from threading import Event

from flask import Flask, current_app

from zalenzoeker import clock, upkeep
from zalenzoeker.domain.letters import NoServer
from zalenzoeker.domain.posting import MailStopped
from zalenzoeker.gateways import diary_fetch, diary_reader, inbox, mail_reader, mail_server, mailer
from zalenzoeker.services import deadlines, delivery, diaries, incoming
from zalenzoeker.storage import limits

REST_SECONDS = 1
AFTER_TROUBLE_SECONDS = 10
TICK_EVERY = timedelta(seconds=15)
# At most: where letters take long, a round ends sooner, because its worker must be seen in between.
LETTERS_A_ROUND = 200

READ_EVERY = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=16)
MAILS_A_ROUND = 20


@dataclass
class Patience:
    """When the mailbox is looked at again: every minute, and twice as long after each time that it did not answer."""

    pause: timedelta = READ_EVERY
    looked_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        # A clock that was set back makes nobody wait for hours.
        return self.looked_at is None or not timedelta(0) <= now - self.looked_at < self.pause

    def looked(self, now: datetime, *, was_well: bool) -> None:
        self.looked_at = now
        self.pause = READ_EVERY if was_well else min(2 * self.pause, LONGEST_PAUSE)


def work(app: Flask, stopping: Event, quiet: AbstractContextManager[None] | None = None) -> None:
    """Look at everything once, then go round until told to stop; `quiet` is held through each round."""
    with quiet or nullcontext(), app.app_context():
        look()
    rest = 0.0
    while not stopping.wait(rest):
        with quiet or nullcontext(), app.app_context():
            rest = go_round(stopping.is_set)


def look() -> None:
    """The whole self-check of a start; what it finds is on the page of the site's health."""
    try:
        for fault in deadlines.look_at_everything(clock.now()):
            current_app.logger.error("the self-check found: %s", fault)
    except Exception:
        current_app.logger.exception("the self-check failed")


def go_round(is_stopping: Callable[[], bool] = lambda: False) -> float:
    """One round of the worker; returns how many seconds it may rest. What failed is tried again in the next one."""
    try:
        now = clock.now()
        last = limits.last_beat("worker")
        if last is None or now - last >= TICK_EVERY or now < last:
            deadlines.beat(now)
            deadlines.tick(now)
            upkeep.look_ahead(now)
        read_inbox(now)
        read_diary(now)
        return 0 if deliver(is_stopping) else REST_SECONDS
    except NoServer as error:
        current_app.logger.warning("the mail server is away: %s", error)
    except MailStopped as error:
        # Said once a try, in one line: the way it came there says nothing to whoever has to mend it.
        current_app.logger.critical("the mail server refuses us, no letter leaves the house: %s", error)
    except Exception:
        current_app.logger.exception("the worker's round failed")
    return AFTER_TROUBLE_SECONDS


def deliver(is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send what waits, as many letters as one round takes; returns how many left. Raises NoServer or MailStopped."""
    config = current_app.config
    sending = {"now": clock.now, "chance": SystemRandom(), "limit": LETTERS_A_ROUND, "is_stopping": is_stopping}
    if config.get("MAIL_SERVER"):
        if not delivery.may_deliver(ask=lambda: mail_server.knock(config["MAIL_SENDER"]), now=clock.now()):
            return 0
        with mailer.sender_of(
            sender=config["MAIL_SENDER"],
            sender_name=config["SITE_NAME"],
            public_url=config["PUBLIC_URL"],
            inbox=current_app.extensions["inbox"],
        ) as send:
            return delivery.deliver_waiting(send=send, expect=send.expect, **sending)
    if config["DEMO"]:
        return delivery.deliver_waiting(send=mailer.keep, keeps_secrets=True, **sending)
    # Nobody could read them: they wait until there is a mail server.
    return 0


def read_diary(now: datetime) -> bool:
    """Read the diary of one house, when one is due: one in a round, because a silent address takes ten seconds."""
    fetch = partial(diary_fetch.fetch, hosts=current_app.config["BUSY_FEED_HOSTS"])
    try:
        return diaries.read_next(now, fetch=fetch, read=diary_reader.read)
    except Exception:
        # No house's diary keeps another house's letters waiting; this one is tried again when its lease is over.
        current_app.logger.exception("the diary of a house could not be taken over")
        return False


def read_inbox(now: datetime) -> int:
    """Take in what came to the mailbox, when it is time; returns how many. One that is away stops nothing else."""
    box: inbox.Mailbox | None = current_app.extensions["inbox"]
    patience: Patience = current_app.extensions.setdefault("patience with the inbox", Patience())
    if box is None or not patience.is_over(now):
        return 0
    try:
        with inbox.opened(box) as mails:
            read = ((number, mail_reader.read(raw)) for number, raw in mails.new(MAILS_A_ROUND))
            count = incoming.take_in(read, done=mails.done, now=clock.now)
    except inbox.NoMailbox as error:
        current_app.logger.warning("the mailbox for answers is away: %s", error)
        patience.looked(now, was_well=False)
        return 0
    incoming.looked(now)
    patience.looked(now, was_well=True)
    return count
