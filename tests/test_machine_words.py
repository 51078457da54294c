"""No library's words reach a person: each field of each schema, each HTTP error, two languages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from tests import make
from tests.schemas import schemas
from tests.signing import hidden, sign_in, token_for
from volunteer_service import field_messages
from volunteer_service.db import transaction

SCHEMAS = schemas()
HAN = re.compile("[\u4e00-\u9fff]")
#: Words that a sentence in Chinese may hold: names of formats and of orders that are typed so.
KNOWN = re.compile(
    r"UTF-8|2026H1|API|JSON|Content-Type|application/json|/api/docs|Allow|errors"
    r"|(?<=^没有这种顺序。可用的有：)[a-z_]+(, -?[a-z_]+)+(?=。$)"
)
LATIN = re.compile("[A-Za-z]")

#: What somebody sends where something else is expected.
WRONG: tuple[Any, ...] = (
    None, "", "x", "é" * 5000, "\x00\x07", "\ud800", "1e999", "nan", "-1", "0", 0, -1, 2**63,
    10**400, 1.5, True, [], ["x"], [None], [[]], [{}], [-1], ["x"] * 5000, {}, {"x": None},
    {"x": {"y": "z"}}, "2026-13-45", "0001-01-01", "9999-12-31", "2026-07-01T09:00",
    "2026-07-01T09:00+08:00", "0001-01-01T00:00:00+08:00", b"\xff", object(), "2026H9", "25:99",
)  # fmt: skip

LANGUAGES = ("zh", "en")


def leaves(messages: Any) -> Iterator[str]:
    if isinstance(messages, dict):
        for part in messages.values():
            yield from leaves(part)
    elif isinstance(messages, list | tuple):
        for part in messages:
            yield from leaves(part)
    else:
        yield messages


def is_told(sentence: str, lang: str) -> bool:
    """A sentence of ours: Chinese without foreign words, or its translation without Chinese."""
    assert isinstance(sentence, str)
    if lang == "en":
        return bool(LATIN.search(sentence)) and not HAN.search(sentence)
    return bool(HAN.search(sentence)) and not LATIN.search(KNOWN.sub("", sentence))


def loaded(schema: Schema, sent: Any, *, many: bool = False) -> list[str]:
    try:
        schema.load(sent, many=many, unknown=RAISE)
    except ValidationError as error:
        return list(leaves(field_messages.told(error.messages)))
    except (TypeError, ValueError, AttributeError, OverflowError, ArithmeticError) as error:
        raise AssertionError(f"{type(schema).__name__}: {sent!r:.80}: {error!r}") from error
    return []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_validator_speaks_to_people(
    app_without_database: Flask, name: str, lang: str
) -> None:
    schema = SCHEMAS[name]()
    found: set[str] = set()
    with app_without_database.test_request_context(headers={"Accept-Language": lang}):
        for sent in (None, [], "x", 5, [1], {"no such field": 1}):
            found |= set(loaded(schema, sent))
        found |= set(loaded(schema, "x", many=True)) | set(loaded(schema, [5], many=True))
        found |= set(loaded(schema, {}))
        for field in schema.load_fields:
            for wrong in WRONG:
                found |= set(loaded(schema, {field: wrong}))
    assert found
    assert sorted(each for each in found if not is_told(each, lang)) == []


def validators() -> set[type]:
    """The kinds of checks that some field of ours makes."""
    found: set[type] = set()
    waiting = [field for schema in SCHEMAS.values() for field in schema().load_fields.values()]
    while waiting:
        field = waiting.pop()
        found |= {type(check) for check in field.validators}
        if isinstance(field, fields.List):
            waiting.append(field.inner)
        if isinstance(field, fields.Nested):
            waiting += field.schema.fields.values()
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_check_and_field_has_words(app_without_database: Flask, lang: str) -> None:
    assert {validate.Length, validate.OneOf, validate.Range, validate.Regexp} <= validators()
    checks = [
        (validate.Length(2, 3), "x"), (validate.Length(min=2), "x"), (validate.Length(max=1), "xx"),
        (validate.Length(equal=2), "x"), (validate.Length(2, 3), ["x"]), (validate.Range(1, 2), 3),
        (validate.Range(min=1), 0), (validate.Range(max=1), 2), (validate.Range(0, 2**63 - 1), -1),
        (validate.OneOf(["receive"]), "x"), (validate.NoneOf(["x"]), "x"),
        (validate.Regexp("a"), "x"), (validate.ContainsOnly(["a"]), ["x"]),
    ]  # fmt: skip
    said = []
    with app_without_database.test_request_context(headers={"Accept-Language": lang}):
        for check, value in checks:
            with pytest.raises(ValidationError) as refusal:
                check(value)
            said += list(leaves(field_messages.told(refusal.value.messages)))
        for kind in (fields.String, fields.Integer, fields.Decimal, fields.Float, fields.Boolean,
                     fields.AwareDateTime, fields.NaiveDateTime, fields.Date, fields.Time,
                     fields.UUID, fields.Dict):  # fmt: skip
            field = kind(required=True)
            for key in {"invalid", "invalid_uuid", "required", "null", "validator_failed",
                        "special", "too_large", "invalid_utf8",
                        "invalid_awareness"} & set(field.error_messages):  # fmt: skip
                made = field.make_error(key, input="x", obj_type="date", awareness="aware")
                said += list(leaves(field_messages.told(made.messages)))
    assert len(said) > 40
    assert [each for each in said if not is_told(each, lang)] == []


STATUSES = (400, 401, 403, 404, 405, 406, 408, 409, 410, 413, 415, 422, 429, 500, 501, 503, 504)


@pytest.fixture
def failing(app_without_database: Flask) -> Iterator[FlaskClient]:
    """A client whose every request ends with the status that its header names."""
    name = "X-Test-Status"

    def fail() -> None:
        from flask import request

        if name in request.headers:
            abort(int(request.headers[name]))

    hooks = app_without_database.before_request_funcs.setdefault(None, [])
    hooks.append(fail)
    yield app_without_database.test_client()
    hooks.remove(fail)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("status", STATUSES)
def test_every_http_error_has_words_on_page_and_api(
    failing: FlaskClient, status: int, lang: str
) -> None:
    headers = {"X-Test-Status": str(status), "Accept-Language": lang}
    problem = failing.get("/api/v1/teams", headers=headers)
    assert problem.status_code == status
    assert is_told(problem.get_json()["detail"], lang)
    page = failing.get("/teams", headers=headers)
    assert page.status_code == status
    main = re.sub(r"(?s)^.*<main|</main>.*$|<p class=\"quiet\">.*?</p>", "", page.text)
    for heading in re.findall(r"(?s)<(?:h1|p class=\"lead\")[^>]*>(.*?)</", main):
        assert is_told(re.sub("<[^>]*>", "", heading), lang)
    assert "Werkzeug" not in page.text
    assert "Traceback" not in page.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("nonsense", "application/json", 400),
        ('{"a": 1' * 2000, "application/json", 400),
        ("\ufeff{}", "application/json", 422),
        ("[1]", "application/json", 422),
        ("5", "application/json", 422),
        ("{}", "application/json", 422),
        ('{"volunteer_id": "x", "what": 1}', "application/json", 422),
        ("{}", "text/plain", 422),
    ],
)
def test_what_no_parser_can_read_is_told_in_words(
    app: Flask, client: FlaskClient, body: str, kind: str, status: int, lang: str
) -> None:
    with app.app_context(), transaction():
        headers = token_for(make.cast().coordinator, "read", "write")
    headers |= {"Accept-Language": lang, "Idempotency-Key": "of-machine-words"}
    answer = client.post(
        "/api/v1/volunteers", data=body.encode(), content_type=kind, headers=headers
    )
    assert answer.status_code == status
    found = answer.get_json()
    assert is_told(found["detail"], lang)
    for sentence in leaves(found.get("errors", {})):
        assert is_told(sentence, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_says_it_in_words(app: Flask, client: FlaskClient, lang: str) -> None:
    with app.app_context(), transaction():
        wang = make.cast().wang.id
    sign_in(client, "zhoujing")
    form = hidden(client, f"/people/{wang}") | {"happened_on": "31.12.2026", "words": ""}
    page = client.post(
        f"/people/{wang}/complaints", data=form, headers={"Accept-Language": lang}
    ).text
    told = {"zh": ("请填写日期", "请填写这一项"), "en": ("Enter a date", "Fill this in")}[lang]
    assert all(sentence in page for sentence in told)
    assert "Not a valid" not in page
    assert "Missing data" not in page
