"""The round that sends the letters that wait."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random

from zalenzoeker.domain.letters import (
    GIVE_UP_AFTER,
    GIVE_UP_SOONER,
    SERVER_AWAY_PAUSE,
    NoServer,
    Parcel,
    SendLater,
    SendNever,
    next_try,
)
from zalenzoeker.domain.posting import BATCH, MailStopped, are_to_be_marked, may_begin
from zalenzoeker.storage import mail_stop, outbox
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.outbox import Claim


def deliver_waiting(
    *,
    send: Callable[[Parcel], None],
    now: Callable[[], datetime],
    chance: Random,
    limit: int = 50,
    keeps_secrets: bool = False,
    is_stopping: Callable[[], bool] = lambda: False,
    expect: Callable[[Sequence[Parcel]], None] = lambda _parcels: None,
) -> int:
    """Send what is due, at most ``limit`` letters; each is claimed before, and marked after it was accepted.

    None is sent inside a transaction. ``send`` raises SendLater or SendNever about a letter, and about all of them
    NoServer, which ends the round and is raised, or MailStopped, which also stops all workers. ``is_stopping`` ends the
    round after the letter in hand. Returns how many left the house. A worker killed between sending and marking leaves
    a lease that ends: what was accepted and not yet marked goes again, with the same Message-ID.

    ``expect`` is told which letters come next, so that they can be written out while the server thinks.
    ``keeps_secrets``: codes stay readable here, for the letter box of a demonstration.
    """
    sending = _Round(send, now, chance, keeps_secrets)
    while not is_stopping() and sending.may_begin() and (most := min(BATCH, limit - sending.begun)) > 0:
        moment = now()
        if not outbox.is_anything_due(moment):
            break
        with write_unit():
            claims = outbox.claim(moment, most)
        expect([claim.parcel for claim in claims])
        sending.send_all(claims, is_stopping)
    return sending.sent


class _Round:
    """One worker's letters, one after the other, for as long as a round may last."""

    def __init__(
        self, send: Callable[[Parcel], None], now: Callable[[], datetime], chance: Random, keeps_secrets: bool
    ) -> None:
        self._send, self._now, self._chance, self._keeps_secrets = send, now, chance, keeps_secrets
        self._since = now()
        self._accepted: list[Parcel] = []
        self._unmarked_since = self._since
        self.begun = self.sent = 0

    def may_begin(self) -> bool:
        """Whether another letter may be begun: then the lease of its claim, which is younger, lasts till its end."""
        return may_begin(self._since, self._now())

    def send_all(self, claims: Sequence[Claim], is_stopping: Callable[[], bool]) -> None:
        """Send what was claimed; what is not begun in time, or not at all, goes back at once."""
        mine = deque(claims)
        try:
            while mine and not is_stopping() and self.may_begin():
                self._send_one(mine)
        finally:
            self._mark_accepted()
            if mine:
                with write_unit():
                    outbox.release(mine)

    def _send_one(self, mine: deque[Claim]) -> None:
        claim = mine[0]
        self.begun += 1
        if not self._accepted:
            self._unmarked_since = self._now()
        try:
            self._send(claim.parcel)
        except SendNever as error:
            self._failed(claim, str(error), None)
        except SendLater as error:
            self._failed(claim, str(error), self._next_try(claim))
        except (NoServer, MailStopped) as error:
            self._give_back(mine, error)
            raise
        except BaseException:
            # Whether it left is not known: only the end of its lease may give it back.
            mine.popleft()
            raise
        else:
            self._accepted.append(claim.parcel)
            self.sent += 1
            if are_to_be_marked(len(self._accepted), self._unmarked_since, self._now()):
                self._mark_accepted()
        mine.popleft()

    def _mark_accepted(self) -> None:
        """One write for a few letters: waiting for the disk costs more than a letter. Until then they are leased."""
        if self._accepted:
            with write_unit():
                outbox.sent(self._accepted, self._now(), keeps_secrets=self._keeps_secrets)
            self._accepted.clear()

    def _give_back(self, mine: deque[Claim], error: NoServer | MailStopped) -> None:
        now = self._now()
        with write_unit():
            outbox.unclaim([mine.popleft()], str(error), now + SERVER_AWAY_PAUSE)
            if isinstance(error, MailStopped):
                mail_stop.begin(str(error), now)

    def _failed(self, claim: Claim, reason: str, next_try_at: datetime | None) -> None:
        with write_unit():
            outbox.failed(claim, reason, next_try_at)

    def _next_try(self, claim: Claim) -> datetime | None:
        created_at, now = claim.parcel.created_at, self._now()
        patience = GIVE_UP_SOONER.get(claim.parcel.kind, GIVE_UP_AFTER)
        return next_try(claim.tries, created_at, now, self._chance, give_up_after=patience)


def may_deliver(*, ask: Callable[[], None], now: datetime) -> bool:
    """Whether letters may leave: always, but while the server refuses us only once one worker has asked it again.

    ``ask`` talks to the server without a letter, and raises NoServer or MailStopped, which are raised here as well.
    """
    stop = mail_stop.standing()
    if stop is None:
        return True
    if now < stop.next_try_at:
        return False
    with write_unit():
        is_mine = mail_stop.is_mine_to_try(now)
    if not is_mine:
        return False
    try:
        ask()
    except MailStopped as error:
        with write_unit():
            mail_stop.begin(str(error), now)
        raise
    with write_unit():
        mail_stop.end()
    return True


def try_again(now: datetime) -> None:
    """Somebody has mended what stopped the letters: the next round asks the mail server again."""
    with write_unit():
        mail_stop.try_soon(now)
