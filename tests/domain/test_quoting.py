"""Answers by mail as programs write them: what was written anew stays, what it answers and who signed it go."""

from time import perf_counter

import pytest

from zalenzoeker.domain.incoming import LONGEST_WORDS, IncomingMail, Nature, readable
from zalenzoeker.domain.quoting import without_quotes

NO_HEAD = "Van: mij uit mag het.\nOp zondag schreef ik dat al:\nwij komen."
LETTER = "> Het huis vraagt je iets\n>\n> Met hoeveel?"


@pytest.mark.parametrize(
    "program, text, said",
    [
        ("nothing quoted", "Met twintig.\n\nGroeten,\nAn\n", "Met twintig.\n\nGroeten,\nAn"),
        ("Gmail", f"Ja.\n\nOp ma 23 nov. 2026 om 10:00 schreef Zalenzoeker <z@x.example>:\n\n{LETTER}", "Ja."),
        ("Gmail, broken", f"Ja.\n\nOp ma 23 nov. 2026 om 10:00 schreef H\n<a+b@x.example>:\n\n{LETTER}", "Ja."),
        ("Apple", f"Ja!\n\nOp 23 nov. 2026 om 10:00 heeft Huis <z@x> het volgende geschreven:\n\n{LETTER}", "Ja!"),
        ("Thunderbird", f"Op 23-11-2026 om 10:00 schreef Zalenzoeker:\n{LETTER}\n\nMet twintig.", "Met twintig."),
        ("English", f"Yes.\n\nOn Mon, 23 Nov 2026 at 10:00, House <z@x> wrote:\n{LETTER}", "Yes."),
        ("French", f"Oui.\n\nLe lun. 23 nov. 2026 à 10:00, Maison <z@x> a écrit :\n{LETTER}", "Oui."),
        ("a telephone", f"Ok\n\nVerzonden vanaf mijn iPhone\n\nOp 23/11 om 10:00 schreef H <z@x>:\n{LETTER}", "Ok"),
        ("Outlook", "Ja.\n\n______\nVan: Huis <z@x>\nVerzonden: ma 10:00\nAan: An\nOnderwerp: Vraag\n\nHallo", "Ja."),
        ("Outlook, bold", "Ja.\n\n*Van:* Huis <z@x>\n*Verzonden:* ma\n*Aan:* An\n*Onderwerp:* Vraag\n\nHallo", "Ja."),
        ("old Outlook", "Ja.\n\n-----Oorspronkelijk bericht-----\nVan: Huis\nHallo", "Ja."),
        ("between the lines", "> Met hoeveel?\nMet 20.\n> Brengen jullie glazen mee?\nJa.\n", "Met 20.\nJa."),
        ("a signature", "Goed\n-- \nAn Peeters\nHarmonie", "Goed"),
        ("only the letter", f"\nOp ma 23 nov. 2026 om 10:00 schreef Zalenzoeker <z@x.example>:\n{LETTER}", ""),
        ("a sentence that looks like one", NO_HEAD, NO_HEAD),
        ("nothing", "", ""),
    ],
)  # fmt: skip
def test_answer_is_what_was_written_anew(program, text, said):
    assert without_quotes(text) == said, program


BAD = ["Op ", "> ", "schreef ", "-", "\n", "Van: ", "_", "a\n", "Op x schreef ", "Op x\n", "Van: x\n", ">", "-- \n"]


@pytest.mark.parametrize("bad", BAD)
def test_bad_will_costs_no_more_than_its_length(bad):
    text = (bad * 100_000)[:200_000]
    starts = perf_counter()
    without_quotes(text)
    assert perf_counter() - starts < 5


def test_words_are_kept_as_far_as_a_message_goes():
    mail = IncomingMail("sleutel", "an@x.example", Nature.PERSON, words="a" * (LONGEST_WORDS + 1))
    assert (mail.is_cut, len(mail.kept_words)) == (True, LONGEST_WORDS)


def test_characters_that_no_page_can_show_are_left_out():
    assert readable("Ja\r\nen\rnee\x00\x1b[31m\ud800\tklaar") == "Ja\nen\nnee[31m\tklaar"


@pytest.mark.parametrize(
    "door", ["beslissen", "voorstel", "wachtlijst", "niet-nodig", "overdracht", "uitnodigingen", "aanmelden/link"]
)
def test_no_address_by_which_somebody_else_decides_comes_along_in_what_is_kept(door):
    words = f"Wat bedoel je met dit?\nhttps://zalen.example/{door}/Ab-c_1\nGroeten"
    mail = IncomingMail("1", "an@x.example", Nature.PERSON, (), words=words)
    assert mail.kept_words == "Wat bedoel je met dit?\nhttps://zalen.example/…\nGroeten"
