"""Who of a desk reads what is written to it, read once for all that is told of in one write unit."""

from datetime import datetime
from functools import cached_property

from zalenzoeker.domain.permissions import Actor, is_asker, is_own
from zalenzoeker.domain.slots import to_local
from zalenzoeker.storage import accounts, desks, duty
from zalenzoeker.storage.models import Account, Desk, Request


class Readers:
    """Of a desk, at a moment. To be kept no longer than the write unit: its members may change after it."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self.desk = desk
        self.now = now

    @cached_property
    def on_duty(self) -> Account | None:
        return duty.on_duty(self.desk.id, to_local(self.now).date())

    @cached_property
    def next_on_duty(self) -> Account | None:
        return duty.next_on_duty(self.desk.id, to_local(self.now).date())

    @cached_property
    def members(self) -> dict[str, Actor]:
        """By their e-mail address, casefolded."""
        return {one.email: one for one in accounts.of_desk(self.desk.id)}

    @property
    def group(self) -> list[str]:
        """The shared address, or each of the members when it has none."""
        return [self.desk.email] if self.desk.email else [member.email for member in self.desk.members]

    def unless_own(self, found: Account | None, request: Request) -> Account | None:
        """This member, unless the request is their own: nobody looks after that."""
        member = self.members.get(found.email) if found else None
        return None if member is None or is_own(member, request.parties) else found

    def asks(self, email: str, request: Request) -> bool:
        """Is it their own request?"""
        # Whoever came or went in this very second.
        member = self.members.get(email)
        return email == request.contact_email or (member is not None and is_asker(member, request.parties))

    def who_decide(self, request: Request) -> list[str]:
        """Who hears of a request: nobody whose own it is. Where nobody else is left, the city desk steps in."""
        if self.desk.email:
            return self.group
        left = [email for email in self.group if not self.asks(email, request)]
        if left or self._city is None:
            return left
        city = self._city
        return [email for email in city.group if email == city.desk.email or not city.asks(email, request)]

    @cached_property
    def _city(self) -> "Readers | None":
        city = desks.city()
        return None if city is None else Readers(city, self.now)
