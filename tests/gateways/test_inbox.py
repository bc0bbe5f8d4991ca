"""The mailbox: read by a real server, whatever it does, and a mail counts as read only when it was dealt with."""

import pytest

from tests import imap
from zalenzoeker.gateways import inbox
from zalenzoeker.gateways.inbox import Mailbox, NoMailbox

LETTER = b"From: An <an@x.example>\r\nTo: zalen@zalen.example\r\nSubject: Re\r\n\r\nJa.\r\n"


@pytest.fixture(scope="module")
def server():
    with imap.running() as postbox:
        yield postbox


@pytest.fixture
def postbox(server):
    server.is_emptied()
    return server


def box(setting):
    return inbox.at(setting, sender="zalen@zalen.example")


def numbers(mails, limit=10):
    return [number for number, _raw in mails.new(limit)]


@pytest.mark.parametrize(
    "setting, found",
    [
        (
            "imaps://zalen%40x.example:ge%2Fheim@imap.x.example/Antwoorden",
            ("imap.x.example", 993, "zalen@x.example", "ge/heim", "Antwoorden", "zalen@x.example", True),
        ),
        (
            "imap://zalen:geheim@127.0.0.1:1143",
            ("127.0.0.1", 1143, "zalen", "geheim", "INBOX", "van@x.example", False),
        ),
    ],
)
def test_setting_says_where_the_mailbox_is_and_what_people_write_to(setting, found):
    one = inbox.at(setting, sender="van@x.example")
    assert (one.host, one.port, one.user, one.password, one.folder, one.address, one.is_encrypted) == found
    assert "heim" not in repr(one)


def test_answer_goes_to_an_address_that_names_its_letter():
    assert box("imaps://zalen%40x.example:g@h/INBOX").address_for("0123ab") == "zalen+0123ab@x.example"


def test_mail_is_new_until_it_was_dealt_with(postbox):
    postbox.gets(LETTER, LETTER + b"Nog een.\r\n")
    with inbox.opened(box(postbox.setting)) as mails:
        found = list(mails.new(10))
        assert [raw for _number, raw in found] == [LETTER, LETTER + b"Nog een.\r\n"]
        assert numbers(mails) == [number for number, _raw in found]
        mails.done(found[0][0])
        assert numbers(mails) == [found[1][0]]
    assert postbox.unread() == 1


def test_so_many_mails_are_read_at_once_the_oldest_first(postbox):
    postbox.gets(*(LETTER + str(number).encode() for number in range(12)))
    with inbox.opened(box(postbox.setting)) as mails:
        assert [raw[-1:] for _number, raw in mails.new(3)] == [b"0", b"1", b"2"]


def test_of_a_huge_mail_only_the_beginning_is_fetched(postbox):
    postbox.gets(LETTER + b"x" * (2 * inbox.MOST_BYTES))
    with inbox.opened(box(postbox.setting)) as mails:
        ((_number, raw),) = mails.new(10)
    assert (len(raw), raw.startswith(LETTER)) == (inbox.MOST_BYTES, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "fout"},
        {"folder": "Nergens"},
        {"folder": 'IN"BOX'},
        {"user": "é@x.example"},
        {"port": 1},
        {"is_encrypted": True},
    ],
)
def test_mailbox_that_does_not_open_is_one_kind_of_trouble_without_the_password(postbox, wrong):
    right = box(postbox.setting)
    values = {name: getattr(right, name) for name in Mailbox.__dataclass_fields__}
    with pytest.raises(NoMailbox) as refused:
        inbox.knock(Mailbox(**{**values, **wrong}))
    assert imap.PASSWORD not in str(refused.value)


@pytest.mark.parametrize("then_hangs", [False, True])
@pytest.mark.parametrize("lets_through", [0, 10, 150, 400, 700, 900])
def test_server_that_breaks_off_anywhere_is_trouble_and_nothing_is_lost(postbox, lets_through, then_hangs):
    postbox.gets(*(LETTER for _ in range(3)))
    done = []

    def read_all(port):
        with inbox.opened(box(postbox.setting_at(port)), timeout=0.5) as mails:
            for number, _raw in mails.new(10):
                mails.done(number)
                done.append(number)

    with imap.gate(postbox.port, lets_through=lets_through, then_hangs=then_hangs) as port, pytest.raises(NoMailbox):
        read_all(port)
    # The mark may have arrived where its answer did not.
    assert postbox.unread() in (3 - len(done), 2 - len(done))


def test_server_that_dies_while_mails_are_read_is_trouble():
    with imap.running() as postbox:
        postbox.gets(LETTER, LETTER)
        with inbox.opened(box(postbox.setting), timeout=2) as mails:
            found = mails.new(10)
            number, _raw = next(found)
            postbox.dies()
            for deed in (lambda: mails.done(number), lambda: next(found), lambda: numbers(mails)):
                with pytest.raises(NoMailbox):
                    deed()
        with pytest.raises(NoMailbox):
            inbox.knock(box(postbox.setting))
