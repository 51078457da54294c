"""Requests that the proxy ends are counted by reason and logged without personal data."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from threading import Event

import pytest
from prometheus_client import REGISTRY

from tests.buffering_proxy.before_server import Proxy
from tests.served import sent, status
from volunteer_service.buffering_proxy import clients, connection_limits, refusals
from volunteer_service.buffering_proxy.refusals import MOST_LINES, JsonLine, Reason, Refusals

SECRETS = {"Cookie": "session=secret", "Authorization": "Bearer vs_secret"}
LARGE = SECRETS | {"Content-Length": str(60 * 1024 * 1024)}
Monkey = pytest.MonkeyPatch


@pytest.fixture
def written() -> Iterator[list[str]]:
    """The lines that the proxy writes during the test."""
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keeping()
    handler.setFormatter(JsonLine())
    logger = logging.getLogger("volunteer_service.buffering_proxy")
    logger.addHandler(handler)
    yield lines
    logger.removeHandler(handler)


def counted(reason: Reason) -> float:
    # Of this counter alone: the process also counts each route that a test has asked.
    name = "volunteer_service_proxy_refusals_total"
    (family,) = REGISTRY.restricted_registry([name]).collect()
    found = {each.labels["reason"]: each.value for each in family.samples}
    return found.get(reason.word, 0.0)


def few_of_an_address(monkeypatch: Monkey) -> None:
    monkeypatch.setattr(connection_limits, "YOUNG", 0.0)
    monkeypatch.setattr(connection_limits, "MOST_SLOW", 0)


def no_question(monkeypatch: Monkey) -> None:
    monkeypatch.setattr(connection_limits, "MOST_HELD", 0)


def short_question(monkeypatch: Monkey) -> None:
    monkeypatch.setattr(clients, "HELD_SECONDS", 0.1)


def no_file(monkeypatch: Monkey) -> None:
    monkeypatch.setattr(connection_limits, "MOST_FILES", 0)


def nothing(_monkeypatch: Monkey) -> None:
    """As it is."""


ENDED: list[tuple[Reason, Callable[[Monkey], None], bytes]] = [
    (Reason.UNREADABLE, nothing, b"BREW\r\n\r\n"),
    (Reason.HEAD_TOO_LARGE, nothing, b"GET / HTTP/1.1\r\nA: " + b"x" * 40_000),
    (Reason.BODY_TOO_LARGE, nothing, sent("POST", "/in", {"Content-Length": "9" * 9})),
    (Reason.NOT_ADMITTED, nothing, sent("POST", "/secret?secret", LARGE)),
    (Reason.SLOW_HEAD, nothing, b"GET /secret HTTP/1.1\r\n"),
    (Reason.SLOW_BODY, nothing, sent("POST", "/secret", SECRETS | {"Content-Length": "9"})),
    (Reason.CROWD, few_of_an_address, b"GET /secret HTTP/1.1\r\n"),
    (
        *(Reason.FILES_FULL, no_file),
        # Only an admitted body is in a file.
        sent("POST", "/in?secret", SECRETS | {"Content-Length": "900000"}, bytes(200_000)),
    ),
    (Reason.QUESTIONS_FULL, no_question, sent("POST", "/secret", LARGE)),
    (Reason.QUESTION_SLOW, short_question, sent("POST", "/silent", LARGE)),
    (Reason.SERVER_GONE, nothing, sent("GET", "/cut", SECRETS)),
]


@pytest.mark.parametrize(("reason", "prepare", "part"), ENDED, ids=[e[0].word for e in ENDED])
def test_each_refusal_is_counted_and_written(
    proxy: Proxy,
    written: list[str],
    monkeypatch: Monkey,
    reason: Reason,
    prepare: Callable[[Monkey], None],
    part: bytes,
) -> None:
    prepare(monkeypatch)
    before = {each: counted(each) for each in Reason}
    with proxy.connect() as caller:
        caller.sendall(part)
        assert status(caller) == reason.status
    assert {each for each in Reason if counted(each) > before[each]} == {reason}
    (line,) = map(json.loads, written)
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "WARNING",
        "event": "refused by the proxy",
        "reason": reason.word,
        "status": reason.status,
        "from": "127.0.0.0/24",
    }
    assert "secret" not in written[0]


def test_what_ends_without_a_word_is_counted_too(
    proxy: Proxy, written: list[str], monkeypatch: Monkey
) -> None:
    idle, unread = counted(Reason.IDLE), counted(Reason.SLOW_READER)
    with proxy.connect() as silent:
        assert silent.recv(65536) == b""
    monkeypatch.setattr(clients, "SLOWEST", 10**9)
    with proxy.connect() as lazy:
        lazy.sendall(sent("GET", "/large", {}))
        while counted(Reason.SLOW_READER) == unread:
            Event().wait(0.05)
    assert counted(Reason.IDLE) == idle + 1
    assert [(line["reason"], line["status"]) for line in map(json.loads, written)] == [
        ("slow_reader", None)
    ]


def test_who_made_room_is_counted(proxy: Proxy, written: list[str], monkeypatch: Monkey) -> None:
    monkeypatch.setattr(clients, "IDLE_SECONDS", 60)
    before = counted(Reason.MADE_ROOM)
    idle = [proxy.connect() for _ in range(53)]
    with proxy.connect() as quick:
        quick.sendall(sent("GET", "/page", {}))
        assert status(quick) == 200
    assert counted(Reason.MADE_ROOM) == before + 4
    assert [json.loads(line)["reason"] for line in written] == ["made_room"] * 4
    for caller in idle:
        caller.close()


def test_a_flood_is_counted_whole_and_written_in_part(written: list[str]) -> None:
    found, before = Refusals(), counted(Reason.UNREADABLE)
    for second in range(100):
        found.note(Reason.UNREADABLE, "192.0.2.77", second / 10, status=400)
        found.sweep(second / 10)
    found.note(Reason.SLOW_HEAD, "2001:db8:1:2:3::4", 10, status=408)
    assert counted(Reason.UNREADABLE) == before + 100
    assert len(written) == MOST_LINES + 1
    assert {json.loads(line)["from"] for line in written} == {
        "192.0.2.0/24",
        "2001:db8:1:2::/64",
    }
    found.sweep(60.1)
    last = json.loads(written[-1])
    assert (last["reason"], last["more"]) == ("unreadable", 80)
    # Then lines are written again.
    found.note(Reason.UNREADABLE, "192.0.2.77", 61, status=400)
    assert len(written) == MOST_LINES + 3


def test_every_reason_has_words_for_its_status() -> None:
    for reason in Reason:
        if reason is not Reason.NOT_ADMITTED:
            assert refusals.answer(reason.status).startswith(b"HTTP/1.1 %d " % reason.status)


@pytest.mark.parametrize("code", [400, 408, 413, 431, 503])
def test_every_answer_of_the_proxy_is_a_page_that_says_what_to_do_in_both_languages(
    code: int,
) -> None:
    head, _blank, page = refusals.answer(code).partition(b"\r\n\r\n")
    assert b"Content-Type: text/html; charset=utf-8" in head
    assert f"Content-Length: {len(page)}".encode() in head
    told = page.decode()
    chinese, english = told.split('<p lang="en">')
    assert "请" in chinese.split("<p>")[1]
    assert re.search(r"(Go back|Clear|Please try)", english)
