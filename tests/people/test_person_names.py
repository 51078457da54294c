"""Names: every script's letters, nothing that stands in no name."""

from dataclasses import replace

import pytest

from tests import make
from volunteer_service.errors import FieldsRefused
from volunteer_service.people.authentication import self_registration
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.registrations import registration_fields
from volunteer_service.people.search.person_names import LONGEST, NameInvalid, read_name

VISITOR = Actor(None, None, "", "page")


@pytest.mark.parametrize(
    "name",
    [
        "王",
        "王建国",
        "𬱖建国",
        "\U00031350一",  # of a plane that Python 3.11 does not know yet
        "阿卜杜拉·买买提",
        "བསྟན་འཛིན"[:4],  # vowel signs are marks, not letters
        "Mary-Jane O'Neill",
        "José Ångström",
        "김철수",
        "ئەخمەت",
        "字" * LONGEST,
    ],
)
def test_a_name_of_any_script(name: str) -> None:
    assert read_name(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  孙 \u3000 晓 ", "孙 晓"), ("阿卜杜拉•买买提", "阿卜杜拉·买买提"), ("O’Neill", "O'Neill")],
)
def test_a_name_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert read_name(typed) == kept


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "<b>x</b>",
        "王&李",
        "王3",
        "13900000001",
        "王\x00",
        "王\u202e",
        "·王",
        "王-",
        "-",
        "😀",
        "字" * (LONGEST + 1),
    ],
)
def test_what_stands_in_no_name(name: str) -> None:
    with pytest.raises(NameInvalid) as refused:
        read_name(name)
    assert refused.value.field == "name"


def test_all_that_is_wrong_is_told_at_once(session: None) -> None:
    asked = registration_fields.RegisterIn(name="<b>x</b>", phone="12", consent=False, identity="1")
    with pytest.raises(FieldsRefused) as refused:
        self_registration.join(asked, "12345678", by=VISITOR, at=make.MORNING)
    assert {part.field: part.code() for part in refused.value.parts} == {
        "name": "name_invalid",
        "phone": "phone_invalid",
        "identity": "identity_invalid",
        "consent": "consent_missing",
        "password": "password_weak",
    }
    whole = replace(asked, phone="13900000001", consent=True, identity=None)
    with pytest.raises(NameInvalid):
        self_registration.join(whole, "a fine long one", by=VISITOR, at=make.MORNING)
