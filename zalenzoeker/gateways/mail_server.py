"""The mail server: one line for several letters, encrypted only to whom it should be, and never waited for long."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from flask import current_app
from flask_mail import Connection, Mail

from zalenzoeker.domain.letters import NoServer, SendLater, SendNever
from zalenzoeker.domain.posting import MailStopped, Step, verdict

TIMEOUT_SECONDS = 10
ACCEPTED = range(200, 300)


class Host(smtplib.SMTP):
    """The mail server. ``meanwhile``: what is done before each answer is waited for; it is short and raises nothing."""

    meanwhile: Callable[[], None] | None = None

    def getreply(self) -> tuple[int, bytes]:
        if self.meanwhile:
            self.meanwhile()
        return super().getreply()


class PatientConnection(Connection):
    """Flask-Mail's connection with a timeout, and with a look at the certificate: smtplib alone does neither."""

    def configure_host(self) -> Host:
        """Connect, encrypt and sign in. Raises NoServer, or MailStopped where only a person can help."""
        patience = current_app.config.get("MAIL_TIMEOUT_SECONDS", TIMEOUT_SECONDS)
        with _at(Step.CONNECT):
            host = Host(self.mail.server, self.mail.port or 25, timeout=patience)
        try:
            if self.mail.use_tls:
                with _at(Step.ENCRYPT):
                    host.starttls(context=ssl.create_default_context())
            with _at(Step.HELLO):
                host.ehlo_or_helo_if_needed()
            if self.mail.username:
                with _at(Step.SIGN_IN):
                    host.login(self.mail.username, self.mail.password or "")
        except (NoServer, MailStopped):
            host.close()
            raise
        return host


class PatientMail(Mail):
    """Flask-Mail whose connections do not wait for ever."""

    def connect(self) -> Connection:
        return PatientConnection(current_app.extensions["mail"])


mail = PatientMail()


@contextmanager
def _at(step: Step) -> Iterator[None]:
    """Until a letter is named, every failure is about all letters."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise verdict(step, error.smtp_code)(_words(error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError, UnicodeError) as error:
        raise MailStopped(f"{type(error).__name__}: {error}") from error
    except (smtplib.SMTPException, OSError) as error:
        # Whether a server has a way of signing in that we know is settled until one of the two changes.
        is_settled = step is Step.SIGN_IN and type(error) is smtplib.SMTPException
        raise (MailStopped if is_settled else NoServer)(f"{type(error).__name__}: {error}") from error


class Line:
    """One connection to the mail server, opened for the first letter and kept for the next ones."""

    def __init__(self) -> None:
        self._host: Host | None = None

    def hand_over(
        self, content: bytes, *, sender: str, recipient: str, meanwhile: Callable[[], None] | None = None
    ) -> None:
        """Hand one letter to the server. Raises SendLater, SendNever, NoServer or MailStopped; returns once it has it.

        ``meanwhile``: done while the server thinks about each line of it; it is short and raises nothing.

        A server that ended a line which it had kept open so far is called once more, as long as no letter is half said.
        """
        options = _options(content, sender, recipient)
        if self._host is not None:
            self._host.meanwhile = meanwhile
            try:
                self._say_sender(self._host, sender, options)
            except NoServer:
                self._drop()
        if self._host is None:
            self._host = _connected()
            self._say_sender(self._host, sender, options)
        try:
            self._answer(Step.RECIPIENT, *self._host.rcpt(recipient))
            self._answer(Step.CONTENT, *self._host.data(content))
        except smtplib.SMTPDataError as error:
            if error.smtp_code in ACCEPTED:
                # It has nothing yet: what this server says about the letter cannot be believed.
                self._drop()
                raise SendLater(_words(error.smtp_code, error.smtp_error)) from error
            self._answer(Step.CONTENT, error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise SendLater(f"{type(error).__name__}: {error}") from error

    def ask(self, sender: str) -> None:
        """Whether the server takes letters of this sender; none is sent. Raises as `hand_over` does."""
        self._drop()
        self._host = _connected()
        self._say_sender(self._host, sender, [])
        self._begin_anew()

    def hang_up(self) -> None:
        """Say goodbye; a server that does not listen any more changes nothing about the letters."""
        if self._host is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._host.quit()
            self._drop()

    def _say_sender(self, host: Host, sender: str, options: list[str]) -> None:
        size = [one for one in options if one.startswith("size=")] if not host.has_extn("size") else []
        try:
            self._answer(Step.SENDER, *host.mail(sender, [one for one in options if one not in size]))
        except smtplib.SMTPNotSupportedError as error:
            raise SendNever(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NoServer(f"{type(error).__name__}: {error}") from error

    def _answer(self, step: Step, code: int, words: bytes | str) -> None:
        """Go on after a yes; after a no, raise what it means, with the line ready for the next letter or closed."""
        if code in ACCEPTED:
            return
        means = verdict(step, code)
        if means in {NoServer, MailStopped}:
            self._drop()
        else:
            self._begin_anew()
        raise means(_words(code, words))

    def _begin_anew(self) -> None:
        assert self._host is not None, "somebody just answered"
        try:
            self._host.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._host is not None:
            self._host.close()
            self._host = None


def _options(content: bytes, sender: str, recipient: str) -> list[str]:
    """What is told with the sender: how large the letter is, and that an address has letters beyond ASCII."""
    sizes = [f"size={len(content)}"]
    return sizes if (sender + recipient).isascii() else [*sizes, "SMTPUTF8", "BODY=8BITMIME"]


def _connected() -> Host:
    connection = mail.connect().__enter__()
    assert isinstance(connection.host, Host), "mail is not suppressed"
    return connection.host


def _words(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"


def knock(sender: str) -> None:
    """Connect, sign in, name the sender, and send nothing. Raises NoServer or MailStopped."""
    line = Line()
    try:
        line.ask(sender)
    finally:
        line.hang_up()
