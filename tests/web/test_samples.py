"""Every kind of letter to look at: for the city desk alone, in a frame in which nothing runs."""

import re

import pytest

from tests.browser import FORBIDDEN, Browser, dutch
from tests.builders import NOW, make_account, make_city_desk
from zalenzoeker.domain.house_words import Name
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.gateways import mailer, sample_letters

HOUSE = {"sender": "zalen@stad.example", "sender_name": "Zalenzoeker", "public_url": "https://zalen.stad.example"}


@pytest.fixture
def sofie(app):
    account = make_account("sofie@stad.example", "Sofie")
    make_city_desk([account])
    return Browser(app, account)


@pytest.mark.parametrize("kind", LetterKind)
def test_letter_of_every_kind_can_be_written_with_made_up_facts(app, kind):
    message = mailer.compose(sample_letters.sample(kind, NOW), **HOUSE)
    plain, html = (message.get_body((form,)).get_content() for form in ("plain", "html"))
    assert [word for word in ("None", "{{", "%(", "Undefined", "{zaal}") if word in plain + html] == []
    assert FORBIDDEN.findall(plain) == []
    assert message["Subject"]


def test_city_desk_looks_at_a_letter_in_both_its_forms(sofie):
    page = sofie.opens("post.index").clicks(dutch("Look at every kind of letter"))
    page = page.clicks("Ja, de zaal is van hen")
    frame = page.elements(tag="iframe")[0]
    assert (frame.get("sandbox"), frame.get("src")) == ("", "/balie/post/voorbeelden/request_approved/html")
    response = sofie.asks("/balie/post/voorbeelden/request_approved/html")
    policy = response.headers["Content-Security-Policy"]
    assert (policy.startswith("default-src 'none'; style-src 'sha256-"), policy.endswith("; sandbox")) == (True, True)


def test_words_of_a_house_in_the_letters_to_look_at_have_every_name_that_is_filled_in():
    assert {f"{{{name}}}" for name in Name} == set(re.findall(r"\{\w+\}", sample_letters.HOUSE_WORDS))


def test_letter_that_does_not_exist_is_not_there(sofie):
    sofie.opens("samples.show", kind="liefdesbrief", status=404)
