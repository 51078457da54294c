"""Every list of the API in each of its orders, walked two rows at a time, with equals and gaps."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import databases, make_lists
from tests.make_lists import Town
from volunteer_service.db import db

pytestmark = pytest.mark.xdist_group("sorting")

Row = dict[str, Any]

#: Lists by address: the reader, the default order, the names of the orders.
LISTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "/areas?q=g": ("coordinator", "name", ("id", "name")),
    "/certificates": ("coordinator", "-issued_at", ("id", "issued_at", "number")),
    "/day-sheets": ("coordinator", "-day", ("id", "day")),
    "/disputes": ("coordinator", "opened_at", ("id", "opened_at", "decided_at")),
    "/events": ("coordinator", "starts_at", ("id", "starts_at")),
    "/events/{event_id}/sign-ups": (
        "coordinator",
        "shift",
        ("id", "shift", "name", "created_at"),
    ),
    "/gifts": ("coordinator", "state", ("id", "state", "name", "price_centi")),
    "/imports": ("coordinator", "-created_at", ("id", "created_at")),
    "/imports/meanings": ("coordinator", "-said_at", ("id", "said_at", "words")),
    "/imports/{import_id}/changes": ("coordinator", "id", ("id", "kind", "field")),
    "/imports/{import_id}/refused": ("coordinator", "id", ("id", "kind", "reason")),
    "/records": ("coordinator", "-starts_at", ("id", "starts_at")),
    "/redemptions": ("volunteer", "-id", ("id", "ordered_at")),
    "/rounds": ("coordinator", "-half_year", ("id", "half_year", "opened_at")),
    "/rounds/{round_id}/objections": ("coordinator", "decided", ("id", "decided", "opened_at")),
    "/rounds/{round_id}/late-changes": (
        "coordinator",
        "name",
        ("id", "name", "stars_before", "stars_now"),
    ),
    "/rounds/{round_id}/results": (
        "coordinator",
        "-stars",
        ("id", "volunteer_id", "stars", "name"),
    ),
    "/teams?q=t": ("coordinator", "name", ("id", "name", "founded_on")),
    "/teams/{team_id}/roster?q=n": ("coordinator", "id", ("id", "name", "joined_at")),
    "/volunteers?q=n": ("coordinator", "name", ("id", "name", "number", "registered_on")),
}
#: Lists in one order: a running balance belongs to its line; messages and entries to check are read
#: newest first, people to add by name.
ONE_ORDER = {
    "/circulars",
    "/messages",
    "/points/{volunteer_id}/statement",
    "/registration-checks",
    "/teams/{team_id}/candidates",
    "/accounts/{account_id}/story",
    "/events/{event_id}/story",
    "/gifts/{gift_id}/story",
    "/records/{record_id}/story",
    "/rounds/{round_id}/story",
    "/teams/{team_id}/story",
    "/volunteers/{volunteer_id}/story",
}
#: Sorted by the columns that each declares (``tests/lists``), in numbered pages.
STAFF = {"/lists/{list_name}"}
#: Short lists, which come whole: a person's or a desk's few, or the programme's own.
WHOLE = {
    "/events/{event_id}/roster-sheets",
    "/first-steps",
    "/records/{record_id}/claim-photos",
    "/events/{event_id}/photos",
    "/events/{event_id}/swaps",
    "/rounds/{round_id}/readiness",
    "/records/missing-ends",
    "/complaints",
    "/day-sheets/running",
    "/grants",
    "/lists",
    "/mergings",
    "/person-changes",
    "/points/outstanding",
    "/policies",
    "/record-sheets/{key}/papers",
    "/school-terms",
    "/tokens",
    "/volunteers/{volunteer_id}/changes",
    "/volunteers/{volunteer_id}/consents",
    "/volunteers/{volunteer_id}/household",
    "/working-day-corrections",
}
#: The orders whose value no answer shows under that name.
HIDDEN: dict[tuple[str, str], Callable[[Town, Row], Any]] = {
    ("/certificates", "id"): lambda town, row: town.numbers[row["number"]],
    ("/events/{event_id}/sign-ups", "name"): lambda town, row: town.names[row["volunteer_id"]],
    ("/events/{event_id}/sign-ups", "shift"): lambda town, row: (
        town.begins[row["shift_id"]],
        row["shift_id"],
        town.names[row["volunteer_id"]],
    ),
    ("/rounds/{round_id}/objections", "decided"): lambda _town, row: row["state"] != "open",
}
ORDERS = [
    (path, turn + name)
    for path, (_who, _default, names) in LISTS.items()
    for name in names
    for turn in ("", "-")
]


@pytest.fixture(scope="module")
def town(app_of_run: Flask, databases_of_run: databases.Databases) -> Iterator[Town]:
    """A town with five rows in every list; nothing here changes it."""
    yield databases_of_run.enter(app_of_run, make_lists.town)
    with app_of_run.app_context():
        db.engine.dispose()


@pytest.fixture
def reader(app_of_run: Flask, town: Town) -> "Reader":
    return Reader(app_of_run.test_client(), town)


class Reader:
    """Requests lists as the person who may see them."""

    def __init__(self, client: FlaskClient, town: Town) -> None:
        self.client = client
        self.town = town

    def ask(self, path: str, status: int = 200, **query: Any) -> Any:
        address = f"/api/v1{path.format(**self.town.places)}"
        headers = self.town.headers[LISTS[path][0]]
        joint = "&" if "?" in path else "?"
        sent = joint + "&".join(f"{name}={value}" for name, value in query.items())
        answer = self.client.get(address + sent, headers=headers)
        assert answer.status_code == status, (address + sent, answer.text)
        return answer.json

    def walk(self, path: str, **query: Any) -> list[Row]:
        """Every page of two rows, one after another."""
        found: list[Row] = []
        answer = self.ask(path, limit=2, **query)
        while answer["next"]:
            assert len(answer["items"]) == 2
            found += answer["items"]
            answer = self.ask(path, limit=2, cursor=answer["next"], **query)
        return found + answer["items"]

    def value(self, path: str, name: str, row: Row) -> Any:
        hidden = HIDDEN.get((path, name))
        return hidden(self.town, row) if hidden else row[name]

    def ordered(self, path: str, sort: str, rows: list[Row]) -> list[Row]:
        """What :meth:`walk` should find: empty ones last, equal ones by id, ``-`` reversed."""

        def key(row: Row) -> tuple[bool, Any, int]:
            value = self.value(path, sort.removeprefix("-"), row)
            return value is None, 0 if value is None else value, self.value(path, "id", row)

        return sorted(rows, key=key, reverse=sort.startswith("-"))


@pytest.mark.parametrize(("path", "sort"), ORDERS)
def test_pages_of_two_hold_every_row_once_and_in_order(
    reader: Reader, path: str, sort: str
) -> None:
    whole = reader.ask(path, limit=200)["items"]
    assert len(whole) >= 5
    assert reader.walk(path, sort=sort) == reader.ordered(path, sort, whole)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_has_an_order_of_its_own(reader: Reader, path: str) -> None:
    rows = reader.walk(path)
    assert rows == reader.ordered(path, LISTS[path][1], rows)


def test_ties_and_gaps_are_among_the_rows(reader: Reader) -> None:
    unique = {"id", "number", "volunteer_id"}
    for path, (_who, _default, names) in LISTS.items():
        rows = reader.ask(path, limit=200)["items"]
        for name in set(names) - unique:
            values = [reader.value(path, name, row) for row in rows]
            assert 1 < len(set(values)) < len(values), (path, name)
            assert (None in values) is (name in {"decided_at", "founded_on", "stars"}), path


def test_who_keeps_no_gifts_sees_the_cheapest_first(reader: Reader) -> None:
    headers = reader.town.headers["volunteer"]
    rows = reader.client.get("/api/v1/gifts", headers=headers).json["items"]
    assert [row["price_centi"] for row in rows] == [100, 101, 103]
    assert reader.client.get("/api/v1/gifts?state=withdrawn", headers=headers).json["items"] == []
    turned = reader.client.get("/api/v1/gifts?sort=-name", headers=headers).json["items"]
    assert [row["name"] for row in turned] == ["gd", "gb", "ga"]


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_is_good_for_the_order_that_it_was_made_in(reader: Reader, path: str) -> None:
    sorts = [turn + name for name in LISTS[path][2] for turn in ("", "-")]
    for made_for in sorts:
        cursor = reader.ask(path, limit=2, sort=made_for)["next"]
        for sort in sorts:
            if sort == made_for:
                assert reader.ask(path, sort=sort, cursor=cursor)["items"]
            else:
                refused = reader.ask(path, 400, sort=sort, cursor=cursor)
                assert refused["code"] == "cursor_invalid"


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_order_is_refused_with_those_that_there_are(reader: Reader, path: str) -> None:
    for sort in ("nothing", "--id", "", "ID", "id,name"):
        refused = reader.ask(path, 422, sort=sort)
        (words,) = refused["errors"]["query"]["sort"]
        listed = words.rstrip("。").partition("：")[2].split(", ")
        assert set(listed) == {turn + name for name in LISTS[path][2] for turn in ("", "-")}


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/rounds/{round_id}/objections", ["decided", 1, 5]),
        ("/rounds/{round_id}/objections", ["decided", None, 5]),
        ("/rounds/{round_id}/objections", ["decided", True]),
        ("/rounds/{round_id}/results", ["-stars", True, 5]),
        ("/rounds/{round_id}/results", ["-stars", "3", 5]),
        ("/rounds/{round_id}/results", ["-stars", None, None]),
        ("/events/{event_id}/sign-ups", ["shift", "2026-05-16T01:00:00+00:00", 5]),
        ("/events/{event_id}/sign-ups", ["shift", "2026-05-16T01:00:00+00:00", 1, "n\0", 5]),
        ("/teams?q=t", ["name", "t", 5, 5]),
        ("/teams?q=t", ["name", None, 5]),
        ("/teams?q=t", {"name": 1}),
        ("/redemptions", ["-id", 2**63]),
    ],
)
def test_a_cursor_that_no_list_made(reader: Reader, path: str, parts: Any) -> None:
    cursor = urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    sort = next(iter(parts))
    assert reader.ask(path, 400, sort=sort, cursor=cursor)["code"] == "cursor_invalid"


@pytest.mark.parametrize(
    ("path", "filters", "fits"),
    [
        ("/certificates", "state=valid", lambda row: not row["revoked_at"]),
        ("/certificates", "state=revoked", lambda row: row["revoked_at"]),
        ("/certificates", "from=2026-05-17", lambda row: row["issued_at"] >= "2026-05-17"),
        ("/certificates", "to=2026-05-17", lambda row: row["issued_at"] < "2026-05-18"),
        ("/disputes", "state=open", lambda row: row["state"] == "open"),
        (
            "/disputes",
            "volunteer_id={volunteer_id}",
            lambda row, town: row["volunteer_id"] == town.places["volunteer_id"],
        ),
        ("/disputes", "from=2026-05-08", lambda row: row["opened_at"] >= "2026-05-08"),
        ("/disputes", "to=2026-05-08", lambda row: row["opened_at"] < "2026-05-09"),
        (
            "/events/{event_id}/sign-ups",
            "shift_id={shift_id}",
            lambda row, town: row["shift_id"] == town.places["shift_id"],
        ),
        ("/events/{event_id}/sign-ups", "state=waiting", lambda row: row["state"] == "waiting"),
        ("/gifts", "state=withdrawn", lambda row: row["state"] == "withdrawn"),
        (
            "/gifts",
            "area_id={area_id}",
            lambda row, town: row["area_id"] == town.places["area_id"],
        ),
        ("/imports", "state=undone", lambda row: row["state"] == "undone"),
        (
            "/imports",
            "area_id={area_id}",
            lambda row, town: row["area_id"] == town.places["area_id"],
        ),
        ("/imports", "from=2026-05-17", lambda row: row["created_at"] >= "2026-05-17"),
        ("/imports", "to=2026-05-17", lambda row: row["created_at"] < "2026-05-18"),
        ("/imports/{import_id}/changes", "field=price", lambda row: row["field"] == "price"),
        ("/imports/{import_id}/changes", "state=offered", lambda row: row["state"] == "offered"),
        (
            "/imports/{import_id}/refused",
            "reason=bad_phone",
            lambda row: row["reason"] == "bad_phone",
        ),
        ("/records", "half_year=2025H2", lambda row: row["served_on"] == "2025-12-31"),
        ("/records", "half_year=2026H1", lambda row: row["served_on"] > "2026"),
        (
            "/records",
            "area_id={area_id}",
            lambda row, town: row["team_id"] == town.places["team_id"],
        ),
        ("/redemptions", "state=cancelled", lambda row: row["state"] == "cancelled"),
        ("/redemptions", "from=2026-05-17", lambda row: row["ordered_at"] >= "2026-05-17"),
        ("/redemptions", "to=2026-05-17", lambda row: row["ordered_at"] < "2026-05-18"),
        (
            "/rounds",
            "area_id={area_id}",
            lambda row, town: row["area_id"] == town.places["area_id"],
        ),
        ("/rounds/{round_id}/objections", "state=open", lambda row: row["state"] == "open"),
    ],
)
def test_a_filter_leaves_what_fits(
    reader: Reader, path: str, filters: str, fits: Callable[..., Any]
) -> None:
    more = [reader.town] if fits.__code__.co_argcount == 2 else []
    whole = reader.ask(path, limit=200)["items"]
    name, value = filters.format(**reader.town.places).split("=")
    left = [row for row in whole if fits(row, *more)]
    assert 0 < len(left) < len(whole)
    assert reader.walk(path, **{name: value}) == left


@pytest.mark.parametrize("half_year", ["2026", "2026H3", "1899H1", "２０２６H1"])
def test_a_half_year_that_is_none(reader: Reader, half_year: str) -> None:
    assert "half_year" in reader.ask("/records", 422, half_year=half_year)["errors"]["query"]


# The document


def lists(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every address that answers with a list, and its query by name."""
    for path, item in document["paths"].items():
        if "get" in item:
            body = (
                item["get"]["responses"]
                .get("200", {})
                .get("content", {})
                .get("application/json", {})
            )
            schema = body.get("schema", {})
            name = schema.get("$ref", "").rpartition("/")[2]
            properties = document["components"]["schemas"].get(name, {}).get("properties", {})
            if schema.get("type") == "array" or "items" in properties:
                asked = item["get"].get("parameters", [])
                yield path.removeprefix("/api/v1"), {each.get("name"): each for each in asked}


def test_every_list_is_sorted_here_or_short(reader: Reader) -> None:
    document = reader.client.get("/api/v1/openapi.json").json
    known = {path.partition("?")[0] for path in LISTS}
    assert {path for path, _ in lists(document)} == known | ONE_ORDER | WHOLE | STAFF
    asked = dict(lists(document))
    assert [path for path in WHOLE if "cursor" in asked[path] or "sort" in asked[path]] == []
    assert [path for path in ONE_ORDER if "sort" in asked[path]] == []


@pytest.mark.parametrize("path", LISTS)
def test_the_document_names_the_orders(reader: Reader, path: str) -> None:
    _who, default, names = LISTS[path]
    document = reader.client.get("/api/v1/openapi.json").json
    sort = dict(lists(document))[path.partition("?")[0]]["sort"]
    assert set(sort["schema"]["enum"]) == {turn + name for name in names for turn in ("", "-")}
    assert sort["schema"].get("default") == default or f"`{default}`" in sort["description"]
