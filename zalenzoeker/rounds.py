"""The worker: round after round, it watches the clock and sends what waits."""

from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from random import SystemRandom
from threading import Event

from flask import Flask, current_app

from zalenzoeker import clock, upkeep
from zalenzoeker.domain.letters import NoServer
from zalenzoeker.gateways import mailer
from zalenzoeker.services import deadlines, delivery
from zalenzoeker.storage import limits

REST_SECONDS = 1
AFTER_TROUBLE_SECONDS = 10
TICK_EVERY = timedelta(seconds=15)
# A silent server costs ten seconds a letter; a round stays shorter than the worker may be unseen.
LETTERS_A_ROUND = 4


def work(app: Flask, stopping: Event, quiet: AbstractContextManager[None] | None = None) -> None:
    """Look at everything once, then go round until told to stop; `quiet` is held through each round."""
    with quiet or nullcontext(), app.app_context():
        look()
    rest = 0.0
    while not stopping.wait(rest):
        with quiet or nullcontext(), app.app_context():
            rest = go_round()


def look() -> None:
    """The whole self-check of a start; what it finds is on the page of the site's health."""
    try:
        for fault in deadlines.look_at_everything(clock.now()):
            current_app.logger.error("the self-check found: %s", fault)
    except Exception:
        current_app.logger.exception("the self-check failed")


def go_round() -> float:
    """One round of the worker; returns how many seconds it may rest. What failed is tried again in the next one."""
    try:
        now = clock.now()
        last = limits.last_beat("worker")
        if last is None or now - last >= TICK_EVERY or now < last:
            deadlines.beat(now)
            deadlines.tick(now)
            upkeep.look_ahead(now)
        return 0 if deliver() == LETTERS_A_ROUND else REST_SECONDS
    except NoServer as error:
        current_app.logger.warning("the mail server is away: %s", error)
    except Exception:
        current_app.logger.exception("the worker's round failed")
    return AFTER_TROUBLE_SECONDS


def deliver() -> int:
    config = current_app.config
    if config.get("MAIL_SERVER"):
        send = mailer.sender_of(
            sender=config["MAIL_SENDER"], sender_name=config["SITE_NAME"], public_url=config["PUBLIC_URL"]
        )
        return delivery.deliver_waiting(send=send, now=clock.now, chance=SystemRandom(), limit=LETTERS_A_ROUND)
    if config["DEMO"]:
        return delivery.deliver_waiting(
            send=mailer.keep, now=clock.now, chance=SystemRandom(), limit=LETTERS_A_ROUND, keeps_secrets=True
        )
    # Nobody could read them: they wait until there is a mail server.
    return 0
