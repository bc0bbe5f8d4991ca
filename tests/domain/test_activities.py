"""What may be published, by whom, and which theme a title names."""

import pytest

from zalenzoeker.domain.activities import (
    FREE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WORDS,
    SAID_BY,
    CannotPublish,
    Fault,
    Published,
    Theme,
    may_publish,
    may_take_down,
    theme_of,
)
from zalenzoeker.domain.permissions import ANYONE, Actor, Parties

HARMONIE, AMANDSBERG, DRONGEN, DEPUTY = 20, 30, 31, 32
OF_HARMONIE = Parties(1, "an@harmonie.example", HARMONIE, AMANDSBERG, deputy_desk_id=DEPUTY)
TYPED_IN = Parties(None, "", None, AMANDSBERG, entered_by_id=3, entered_desk_id=DRONGEN)

AN = Actor(1, "an@harmonie.example")
MEMBER = Actor(2, "bert@harmonie.example", association_ids=frozenset({HARMONIE}))
FATIMA = Actor(3, "fatima@amandsberg.example", desk_ids=frozenset({AMANDSBERG}))
STEPS_IN = Actor(6, "omar@buren.example", desk_ids=frozenset({DEPUTY}))
MARCEL = Actor(4, "marcel@drongen.example", desk_ids=frozenset({DRONGEN}))
SOFIE = Actor(5, "sofie@stad.example", is_city=True)
OTHER = Actor(9, "iemand@post.example", association_ids=frozenset({21}))

# Who, of which request, may say what residents see of it, and may take it down.
WHO = [
    ("a passer-by says nothing", ANYONE, OF_HARMONIE, False, False),
    ("the asker says it and takes it down", AN, OF_HARMONIE, True, True),
    ("a member of the association does too", MEMBER, OF_HARMONIE, True, True),
    ("another asker does not", OTHER, OF_HARMONIE, False, False),
    ("the desk takes it down, but puts no words in their mouth", FATIMA, OF_HARMONIE, False, True),
    ("the deputy desk takes it down", STEPS_IN, OF_HARMONIE, False, True),
    ("another desk does nothing", MARCEL, OF_HARMONIE, False, False),
    ("the city desk takes it down", SOFIE, OF_HARMONIE, False, True),
    ("the desk that typed it in speaks for who has no address", MARCEL, TYPED_IN, True, True),
    ("nobody else speaks for them", OTHER, TYPED_IN, False, False),
]

WRONG = [
    ("a title is enough", Published("Soepcafé"), []),
    ("everything at its longest", Published("t" * LONGEST_TITLE, "x" * LONGEST_TEXT, price="p" * LONGEST_WORDS), []),
    ("free, in Dutch and Turkish", Published("Soepcafé", price=FREE, languages=("nl", "tr")), []),
    ("no title", Published(""), [Fault.NO_TITLE]),
    ("a title of spaces", Published("   "), [Fault.NO_TITLE]),
    ("a title that is too long", Published("t" * (LONGEST_TITLE + 1)), [Fault.TITLE_TOO_LONG]),
    ("a text that is too long", Published("t", "x" * (LONGEST_TEXT + 1)), [Fault.TEXT_TOO_LONG]),
    ("a price that is a story", Published("t", price="p" * (LONGEST_WORDS + 1)), [Fault.WORDS_TOO_LONG]),
    ("an audience that is a story", Published("t", audience="p" * (LONGEST_WORDS + 1)), [Fault.WORDS_TOO_LONG]),
    ("a language nobody knows", Published("t", languages=("xx",)), [Fault.UNKNOWN_LANGUAGE]),
    ("a picture nobody can hear", Published("t", picture="a.jpg"), [Fault.PICTURE_WITHOUT_WORDS]),
    ("a picture with words", Published("t", picture="a.jpg", picture_words="Een pan soep"), []),
    ("two faults at once", Published("", picture="a.jpg"), [Fault.NO_TITLE, Fault.PICTURE_WITHOUT_WORDS]),
]

TITLES = [
    ("Soepcafé", Theme.SOUP),
    ("SOEPCAFE voor de hele buurt", Theme.SOUP),
    ("Repaircafé van de Brugse Poort", Theme.REPAIR),
    ("Naaiatelier", Theme.SEWING),
    ("Taaloefening Nederlands", Theme.LANGUAGE),
    ("Kaartnamiddag", Theme.CARDS),
    ("Kaarten en koffie", Theme.CARDS),
    ("Buurtmaaltijd", Theme.MEAL),
    ("Petanque en taart", Theme.MOVING),
    ("Landkaarten van vroeger", None),
    ("Repetitie", None),
    ("", None),
]


@pytest.mark.parametrize("who,actor,parties,publishes,takes_down", WHO, ids=[row[0] for row in WHO])
def test_person_may_publish_and_take_down(who, actor, parties, publishes, takes_down):
    assert (may_publish(actor, parties), may_take_down(actor, parties)) == (publishes, takes_down)


@pytest.mark.parametrize("what,words,faults", WRONG, ids=[row[0] for row in WRONG])
def test_words_of_an_activity_are_checked(what, words, faults):
    if not faults:
        words.check()
        return
    with pytest.raises(CannotPublish) as refused:
        words.check()
    assert refused.value.faults == faults


@pytest.mark.parametrize("title,theme", TITLES)
def test_title_names_its_theme(title, theme):
    assert theme_of(title) is theme


def test_each_word_names_one_theme():
    said = [word for _theme, words in SAID_BY for word in words.split("|")]
    assert sorted(said) == sorted(set(said))
