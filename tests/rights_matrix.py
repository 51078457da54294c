"""Calls every route as every role, on one's own and others' things, and builds the table of
answers.

The calls are made from the route map, the OpenAPI document and the forms' own schemas, so that a
new route is asked by itself. What is expected stands in ``rights_matrix.txt``; see
``test_rights_matrix.py``.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import filling
from tests.make_world import WHOSE, World

_BY_STATUS = {401: "?", 403: "x", 404: "."}
#: Routes that name no thing and ask nobody.
LEFT_OUT = {"/static/<path:filename>"}
#: Names of parameters that choose among answers; every other parameter names a thing.
CHOICES = {"answer", "door", "filename", "kind", "list_name", "step"}
#: Where one parameter has one of several values.
CHOSEN = {
    "/api/v1/policies/<int:version>/activate": {"version": 1},
    "/api/v1/policies/<int:version>/refuse": {"version": 1},
    "/policies/<int:version>": {"version": 1},
    "/policies/<int:version>/activate": {"version": 1},
    "/policies/<int:version>/refuse": {"version": 1},
    "/certificates/<number>": {},
    "/complaints/<int:complaint_id>/<any(uphold,dismiss):answer>": {"answer": "dismiss"},
    "/lists/batches/<int:batch_id>/<any(run, undo, stop, 'go-on'):step>": {"step": "stop"},
    "/lists/exports/<int:export_id>/<any(cancel, 'go-on'):step>": {"step": "cancel"},
    "/memberships/<int:membership_id>/<any(accept,refuse):answer>": {"answer": "refuse"},
    "/ratings/<int:round_id>/<any(draft, publish, close, 'sign-off'):step>": {"step": "draft"},
    "/first-steps/samples/<kind>.xlsx": {"kind": "volunteers"},
    "/api/v1/first-steps/samples/<kind>": {"kind": "volunteers"},
}
#: Names in a body or a query that name a thing beside those of ``Things``.
NAMES = {
    "area",
    "card",
    "code",
    "number",
    "parent_id",
    "q",
    "record",
    "record_ids",
    "token",
    "under",
    "volunteer_ids",
}
#: Names that end like a thing's and name nobody's: all streets share the projects.
SHARED = {"project_id", "scan_id"}
#: What a page reads from its query, beside what the document says of the API.
PAGE_QUERIES = {
    "/accounts": ("q",),
    "/areas/<int:area_id>/move": ("parent_id",),
    "/areas/new": ("parent_id",),
    "/c": ("code",),
    "/desk": ("q",),
    "/desk/day": ("area",),
    "/e/<int:event_id>/gate": ("q",),
    "/events": ("area_id", "team_id"),
    "/find": ("q",),
    "/lists/<list_name>": ("q",),
    "/lists/<list_name>.csv": ("q",),
    "/lists/<list_name>.xlsx": ("q",),
    "/people": ("q",),
    "/people/<int:volunteer_id>/merge": ("merged_id", "q"),
    "/points/entries": ("q",),
    "/teams": ("q",),
    "/v": ("token",),
}
#: Where one field stands instead of another.
ALONE: dict[tuple[str, str], dict[str, Any]] = {
    ("/accounts/<int:account_id>/grants", "area_id"): {"role": "desk", "team_id": ""},
    ("/api/v1/grants", "area_id"): {"role": "desk", "team_id": None},
}
_STREET = {
    "desk": "ots",
    "auditor": "ots",
    "community": "ot",
    "coordinator": "ots",
    "admin": "ots",
    "admin of all": "otsf",
}
_ABOUT_ONESELF = {"volunteer": "o", "leader": "o", "desk": "o"}
_STAFF = ("auditor", "community", "coordinator", "admin", "admin of all")
#: Whose secrets a role may read, by kind; «contact» is read only where one asks for it.
READERS: dict[str, Mapping[str, str]] = {
    "name": _STREET | {"volunteer": "o", "leader": "ot"},
    "draft": {
        "leader": "ot",
        "community": "ot",
        "coordinator": "ots",
        "admin": "ots",
        "admin of all": "otsf",
    },
    "dispute": {role: _STREET[role] for role in _STAFF} | _ABOUT_ONESELF | {"leader": "ot"},
    "words": {role: _STREET[role] for role in _STAFF} | _ABOUT_ONESELF,
    "staff": dict.fromkeys((*_STREET, "volunteer", "leader"), "ots") | {"admin of all": "otsf"},
    "contact": {},
}
READERS["number"] = READERS["code"] = READERS["name"]
#: Where contact data is told: on one's own page, and to who says why.
TOLD = {
    "/me",
    "/me/export.json",
    # Refused, it shows one's own page again.
    "/me/home",
    "/people/<int:volunteer_id>/reveal",
    "/api/v1/volunteers/<int:volunteer_id>/reveal",
}


#: Where somebody of the street is told of whom they name in full.
NAMING = {
    "/api/v1/events/<int:event_id>/gate",
    "/api/v1/teams/<int:team_id>/candidates",
    "/e/<int:event_id>/gate",
}


def may_read(role: str, call: "Call", kind: str, place: str) -> bool:
    """Whether this answer may hold this secret of this place."""
    if kind == "contact" and call.rule.rule in TOLD:
        kind = "name"
    if call.rule.rule in NAMING and call.in_query and role in ("leader", "community"):
        # Whom one can name in full one is shown, within the street.
        return kind in ("name", "number") and place in "ots"
    return place in READERS[kind].get(role, "")


_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Call:
    """A route with a method; ``field`` is the one name that is another street's, if only one is."""

    rule: Rule
    method: str
    #: Names of the body or the query that name a thing.
    names: tuple[str, ...] = ()
    field: str = ""
    in_query: bool = False

    def __str__(self) -> str:
        mark = "?" if self.in_query else "#"
        return f"{self.method} {self.rule.rule}" + (f" {mark}{self.field}" if self.field else "")

    @property
    def whose(self) -> str:
        """The letters of :data:`WHOSE` that this call is asked with."""
        if self.field:
            return "osf" if self.in_query else "f"
        named = (self.rule.arguments - CHOICES) or self.names
        return "".join(WHOSE) if named else "o"


class Matrix:
    """The calls over one world, inside one transaction that is never committed."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app = app
        self.world = world
        self.document = app.test_client().get("/api/v1/openapi.json").get_json()
        with app.app_context():
            self._bodies = {letter: filling.body(world.things(letter)) for letter in WHOSE}

    def calls(self, fields: Mapping[str, set[str]]) -> Iterator[Call]:
        """Every call; ``fields`` are those that the forms read, by rule and method."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if rule.rule not in LEFT_OUT:
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                    yield from self._of(rule, method, fields)

    def _of(self, rule: Rule, method: str, fields: Mapping[str, set[str]]) -> Iterator[Call]:
        known = self.fields_of(rule, method) | fields.get(f"{method} {rule.rule}", set())
        named = tuple(sorted(name for name in known if names_a_thing(name)))
        unknown = set(named) - self._bodies["o"].keys() - {"number"}
        assert not unknown, f"{method} {rule.rule}: add {unknown} to tests/filling.py, or to SHARED"
        yield Call(rule, method, named)
        if len({*named, *(rule.arguments - CHOICES)}) > 1:
            yield from (Call(rule, method, named, name) for name in named)
        if method == "GET":
            yield from (Call(rule, method, (), n, in_query=True) for n in self._queries(rule))

    def _queries(self, rule: Rule) -> list[str]:
        if not rule.rule.startswith("/api/"):
            return list(PAGE_QUERIES.get(rule.rule, ()))
        parameters = self.operation(rule, "GET").get("parameters", [])
        found = {each["name"] for each in parameters if each["in"] == "query"}
        return sorted(name for name in found if names_a_thing(name))

    def operation(self, rule: Rule, method: str) -> dict[str, Any]:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        operation: dict[str, Any] = self.document["paths"].get(path, {}).get(method.lower(), {})
        return operation

    def fields_of(self, rule: Rule, method: str) -> set[str]:
        """The names in the body of a call, as the document says."""
        content = self.operation(rule, method).get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        if "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        known = self._bodies["o"].keys() | filling.named_for(rule.rule)
        missing = set(schema.get("required", ())) - known
        assert not missing, f"{method} {rule.rule} needs {missing}: add them to tests/filling.py"
        return set(schema.get("properties", {}))

    def address(self, call: Call, letter: str) -> str:
        """The address with everything filled in."""
        things = self.world.things(letter).values() | CHOSEN.get(call.rule.rule, {})
        if "/v/" in call.rule.rule or "/verify/" in call.rule.rule:
            things["token"] = self._asked("verification", letter)
        unknown = call.rule.arguments - things.keys()
        assert not unknown, f"{call.rule.rule}: add {unknown} to tests/make_doors.py:Things"
        with self.app.test_request_context():
            return url_for(call.rule.endpoint, **{n: things[n] for n in call.rule.arguments})

    def send(self, client: FlaskClient, call: Call, letter: str, keys: "Keys") -> "Said":
        """Ask as a browser or as a program would."""
        path = self.address(call, "o" if call.field else letter)
        api = call.rule.rule.startswith("/api/")
        sent: dict[str, Any] = {}
        if call.method not in _UNSAFE:
            sent["query_string"] = self._query(call, letter)
        elif api:
            sent["json"] = self.json_of(call, letter)
        else:
            sent["data"] = self._form(call, letter) | keys.form
        headers = keys.bearer | {"Cookie": keys.cookie} if api else {"Cookie": keys.cookie}
        answer = client.open(path, method=call.method, buffered=True, headers=headers, **sent)
        return Said(answer, f"{unquote(path)} {list(sent.values())}")

    def _query(self, call: Call, letter: str) -> dict[str, Any]:
        return {call.field: self._asked(call.field, letter)} if call.in_query else {}

    def json_of(self, call: Call, letter: str) -> dict[str, Any]:
        names, rule = self.fields_of(call.rule, call.method), call.rule.rule
        if not call.field:
            return filling.json_of(rule, names, self._bodies[letter])
        own = filling.json_of(rule, names, self._bodies["o"]) | ALONE.get((rule, call.field), {})
        sent = own | {call.field: self._bodies["f"][call.field]}
        return {name: value for name, value in sent.items() if value is not None}

    def _form(self, call: Call, letter: str) -> dict[str, str]:
        if not call.field:
            return filling.form_of(call.rule.rule, self._bodies[letter])
        theirs = {name: str(value) for name, value in self._bodies["f"].items()}
        theirs["number"] = theirs["card"]
        own = filling.form_of(call.rule.rule, self._bodies["o"])
        return own | ALONE.get((call.rule.rule, call.field), {}) | {call.field: theirs[call.field]}

    def _asked(self, name: str, letter: str) -> Any:
        place = self.world.places.get(letter)
        if name == "q":
            return place.secrets["name"][0] if place else "没有此人"
        if name == "code":
            return place.pick_up if place else "NOSUCHTHING0"
        if name == "verification":
            return place.verification if place else "NOSUCHTHING0"
        means = {"area": "area_id", "under": "area_id", "parent_id": "area_id"}.get(name, name)
        return getattr(self.world.things(letter), means)


@dataclass(frozen=True)
class Said:
    """An answer, and what was sent: a page may repeat what was typed."""

    answer: TestResponse
    sent: str

    def read(self, world: World) -> set[tuple[str, str]]:
        """What can be read of whose secrets: kinds and places."""
        text = text_of(self.answer)
        return {
            (kind, letter)
            for letter, place in world.places.items()
            for kind, words in place.secrets.items()
            if any(word in text and word not in self.sent for word in words)
        }

    def faults(self) -> list[str]:
        """What no answer may be like, whoever asks."""
        headers, kind = self.answer.headers, self.answer.content_type or ""
        name = headers.get("Content-Disposition", "")
        found = {
            "lets other origins in": any(
                n.lower().startswith("access-control") for n, _v in headers
            ),
            "may be kept by a cache": headers.get("Cache-Control") != "no-store",
            "may be sniffed": headers.get("X-Content-Type-Options") != "nosniff",
            "has no type": bool(self.answer.data) and not kind,
            "has no charset": kind.startswith("text/") and "charset=utf-8" not in kind,
            "has a strange file name": not re.fullmatch(r"[\w;=\"'%*. -]*", name),
        }
        return [words for words, is_so in found.items() if is_so]


@dataclass(frozen=True)
class Keys:
    """What lets a caller in: a page's cookie, a form's token, a call's bearer token."""

    cookie: str
    form: dict[str, str]
    bearer: dict[str, str]


def names_a_thing(name: str) -> bool:
    """Whether a field or a parameter says whose thing is meant."""
    return name in NAMES or (name.endswith(("_id", "_ids")) and name not in SHARED)


def letter_of(answer: TestResponse) -> str:
    """The letter of :data:`ANSWERS`."""
    status = answer.status_code
    if answer.request.path == "/readyz":
        # What it answers is whether everything runs, to everybody.
        return "+"
    assert status < 500, (answer.request.method, answer.request.path, status)
    if status in (302, 303) and (answer.location or "").startswith("/sign-in"):
        return "?"
    return _BY_STATUS.get(status, "+" if status < 400 else "~")


def text_of(answer: TestResponse) -> str:
    """What can be read in an answer, in a workbook too."""
    data = answer.get_data()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            data = b"".join(package.read(name) for name in package.namelist())
    return data.decode("utf-8", "replace")
