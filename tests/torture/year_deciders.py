"""Those who decide in the year of an Open Huis: five volunteers with one mailbox, and the city desk behind them."""

import re
from dataclasses import dataclass
from datetime import date

from tests.browser import Form, Page
from tests.torture.visitor import Visitor
from tests.torture.year_askers import QUESTION, Askers, code_of, when
from tests.torture.year_site import YearSite, address_in, code_in, looking
from zalenzoeker.storage import accounts
from zalenzoeker.storage.models import Room

MAILBOX = "vrijwilligers@drongen.example"
DESK = "drongen"
NO_FROM_MAIL = "refuse-zelf-nodig"
LINK_ANSWERS = (200, 410)
PER_DATE = "datum-"
REQUESTS = "/balie/aanvragen/"
CODE = re.compile(r"[\w-]{20,43}")


@dataclass
class Deciders:
    """``volunteers`` and ``city``: by e-mail."""

    site: YearSite
    askers: Askers
    rooms: tuple[Room, ...]
    volunteers: tuple[str, ...]
    city: tuple[str, ...]

    # The letters.

    def read_the_mailbox(self, reader: str) -> None:
        """A volunteer opens what came into the mailbox that they share, on a phone where nobody has signed in."""
        phone = self.site.phone(f"phone of {reader}")
        for letter in self.site.letters(MAILBOX):
            if address := address_in(letter, "/beslissen/"):
                page = self.site.follows(phone, address, may_be=LINK_ANSWERS)
                self._from_mail(page, code_in(letter), reader)

    def read_own_letters(self, reader: str) -> None:
        """Who is on duty, or of the city desk, has letters of their own."""
        phone = self.site.phone(f"phone of {reader}")
        for letter in self.site.letters(reader, reader="desk"):
            if address := address_in(letter, "/beslissen/"):
                page = self.site.follows(phone, address, may_be=LINK_ANSWERS)
                self._from_mail(page, code_in(letter), reader)

    def _from_mail(self, page: Page, code: str, reader: str) -> None:
        if not page.has_form("from_mail.decide"):
            self.site.did("link says it is over")
            return
        form = page.form("from_mail.decide")
        if self._is_series(page):
            # Yes to some and no to others: that is done at the desk.
            self.decides_at_the_desk(self.site.visitor(reader), code)
            return
        names, name = form.offered.get("wie"), {}
        if names is not None:
            name = {"wie": self._name(page, names, reader)}
        site = self.site
        if QUESTION not in page.text and site.happens("questions from the mail", 0.08):
            form.fills_in(besluit="ask", reden=QUESTION, **name).sends()
            site.did("questions from the mail")
        elif site.happens("no from the mail", 0.15):
            form.fills_in(besluit=NO_FROM_MAIL, **name).sends()
            site.did("no from the mail")
        else:
            page = form.fills_in(besluit="approve", reden="Veel plezier!", **name).sends()
            site.did("yes from the mail")
            if site.happens("undone from the mail", 0.05):
                page = page.form("from_mail.undo").sends()
                site.did("undone from the mail")
                page.form("from_mail.decide").fills_in(besluit="approve", **name).sends()

    @staticmethod
    def _is_series(page: Page) -> bool:
        dates = page.elements(tag="ul", css="dates")
        return bool(dates) and len([one for one in dates[0] if one.tag == "li"]) > 1

    def _name(self, page: Page, names: list[str], reader: str) -> str:
        """In the shared mailbox one decides with one's own name; who asked it themselves tries that in vain."""
        own = account_code(reader)
        if own in names:
            return own
        page.form("from_mail.decide").fills_in(besluit="approve").forges(wie=own).sends(status=422)
        # Where they have signed in, they do not even get the form.
        page = self.site.follows(self.site.visitor(reader), page.path, may_be=(410,))
        assert not page.has_form("from_mail.decide")
        self.site.did("own request refused in the mailbox")
        return self.site.chance.choice(names)

    # The desk.

    def look_at_the_inbox(self, reader: str) -> None:
        volunteer = self.site.visitor(reader)
        for code in self._codes(volunteer.opens("desk.inbox")):
            self.decides_at_the_desk(volunteer, code)

    def answer_plainly(self, reader: str) -> None:
        """Yes to whatever waits, at the end of the year."""
        volunteer = self.site.visitor(reader)
        for code in self._codes(volunteer.opens("desk.inbox")):
            page = volunteer.opens("desk.show", code=code)
            is_theirs = page.has_form("desk.decide") and not page.has_form("proposals.withdraw")
            if is_theirs and "approve" in page.form("desk.decide").offered["besluit"]:
                page.form("desk.decide").fills_in(besluit="approve").sends()
                self.site.did("yes")

    @staticmethod
    def _codes(page: Page) -> list[str]:
        """The requests that a page of the desk leads to."""
        found = (one.partition("?")[0].removeprefix(REQUESTS) for one in page.addresses(REQUESTS))
        return list(dict.fromkeys(one for one in found if CODE.fullmatch(one)))

    def decides_at_the_desk(self, volunteer: Visitor, code: str) -> None:
        site = self.site
        page = volunteer.opens("desk.show", code=code)
        if not page.has_form("desk.decide") and not page.has_form("desk.undo"):
            self._is_refused(volunteer, code)
        if not page.has_form("desk.decide") or "approve" not in page.form("desk.decide").offered["besluit"]:
            return
        form = page.form("desk.decide")
        if page.has_form("proposals.withdraw"):
            self._thinks_again(page)
        elif "each" in form.offered["besluit"]:
            self._splits(form)
        elif QUESTION not in page.text and site.happens("questions", 0.1):
            page.form("talking.ask").fills_in(vraag=QUESTION).sends()
            site.did("questions")
        elif site.happens("proposals", 0.2):
            self._proposes(volunteer, code)
        else:
            self._says_yes_or_no(volunteer, form, code)

    def _says_yes_or_no(self, volunteer: Visitor, form: Form, code: str) -> None:
        if self.site.happens("no", 0.15):
            form.fills_in(besluit="refuse", waarom="zelf-nodig").sends()
            self.site.did("no")
            return
        form.fills_in(besluit="approve", reden="Veel plezier!").sends()
        self.site.did("yes")
        if self.site.happens("undone", 0.05):
            volunteer.opens("desk.show", code=code).form("desk.undo").sends()
            self.site.did("undone")

    def _thinks_again(self, page: Page) -> None:
        """A proposal waits for its asker; now and then it is taken back."""
        if self.site.deeds["proposals: agree"] and self.site.happens("proposal taken back", 0.1):
            page.form("proposals.withdraw").sends()
            self.site.did("proposal taken back")

    def _splits(self, form: Form) -> None:
        """Yes to the first dates of a series, no to the last."""
        dates = [name for name in form.offered if name.startswith(PER_DATE)]
        yes = self.site.chance.randint(1, len(dates) - 1) if len(dates) > 1 else 1
        answers = {name: "approve" if number < yes else "refuse" for number, name in enumerate(dates)}
        form.fills_in(besluit="each", waarom="zelf-nodig", **answers).sends()
        self.site.did("split")

    def _proposes(self, volunteer: Visitor, code: str) -> None:
        form = volunteer.opens("proposals.new", code=code).form("proposals.new")
        room = next(one for one in self.rooms if code_of(one) == form["zaal"])
        form.fills_in(**when(self.askers.free_moment(room)), bericht="Zou dit ook gaan?").sends()
        self.site.did("proposals")

    def _is_refused(self, volunteer: Visitor, code: str) -> None:
        """Their own request: no form, and one made up is refused."""
        volunteer.posts("desk.decide", {"besluit": "approve", "versie": "2", "reden": "Ja."}, code=code, status=403)
        self.site.did("own request refused at the desk")

    # What they keep besides.

    def take_turns(self, by: str) -> None:
        """Everybody of the group takes a week."""
        for email in self.volunteers:
            page = self.site.visitor(by).opens("crew.show", desk=DESK)
            page.form("crew.join", desk=DESK).fills_in(**{"beurt-wie": account_code(email)}).sends()

    def go_away(self, by: str, first: date, last: date) -> None:
        """A holiday of the whole group."""
        page = self.site.visitor(by).opens("crew.show", desk=DESK)
        told = {"weg-van": first.isoformat(), "weg-tot": last.isoformat(), "weg-waarom": "Zomervakantie"}
        page.form("crew.away", desk=DESK).fills_in(**told).sends()
        self.site.did("holiday entered")

    def type_in(self, by: str) -> str:
        """Somebody without an e-mail address telephones; returns the code. Who types it in does not decide on it."""
        volunteer, room = self.site.visitor(by), self.site.chance.choice(self.rooms)
        form = volunteer.opens("behalf.new", zaal=code_of(room)).form("behalf.new")
        told = {"hoe": "phone", "als": "particulier", "naam": "Godelieve Maes", "telefoon": "09 226 00 00"}
        moment = when(self.askers.free_moment(room))
        page = form.fills_in(**moment, **self.askers.what(), **told, akkoord=True).sends()
        self.site.did("typed in")
        code = str(page.path.rpartition("/")[2])
        self._is_refused(volunteer, code)
        return code

    def hand_over_letters(self, by: str) -> None:
        """They print what was written to people without an e-mail address."""
        volunteer = self.site.visitor(by)
        page = volunteer.opens("printing.index")
        for address in dict.fromkeys(page.addresses("/balie/brieven/")):
            page = volunteer.visits(address)
            if page.has_form("printing.hand_over"):
                page.form("printing.hand_over").sends()
                self.site.did("letters printed")


def account_code(email: str) -> str:
    with looking():
        account = accounts.by_email(email)
        assert account is not None, f"{email} is nobody"
        return account.code
