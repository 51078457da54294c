"""The proxy's limits, with its seconds shortened, before a server of the test's own."""

from contextlib import suppress
from threading import Event

import pytest

from tests.buffering_proxy.before_server import Proxy
from tests.served import sent, status
from volunteer_service.buffering_proxy import clients, connection_limits

GET = sent("GET", "/page", {})


@pytest.mark.parametrize(
    "part",
    [
        b"G",
        b"GET / HTTP/1.1\r\nHost: a\r\n",
        sent("POST", "/", {"Content-Length": "10"}, b"12345"),
        sent("POST", "/", {"Content-Length": "10", "Expect": "100-continue"}).replace(b"x", b"x"),
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
)
def test_half_a_request_is_ended_and_the_server_never_sees_it(proxy: Proxy, part: bytes) -> None:
    with proxy.connect() as caller:
        caller.sendall(part)
        said = b""
        while piece := caller.recv(65536):
            said += piece
    assert b"HTTP/1.1 408 " in said
    assert proxy.seen == []


def test_empty_lines_before_a_request_are_few(proxy: Proxy) -> None:
    with proxy.connect() as old, proxy.connect() as flood:
        old.sendall(b"\r\n\r\n" + GET)
        assert status(old) == 200
        flood.sendall(b"\r\n" * 1000)
        assert status(flood) == 400
    assert len(proxy.seen) == 1


def test_an_idle_connection_is_closed(proxy: Proxy) -> None:
    with proxy.connect() as silent, proxy.connect() as kept:
        kept.sendall(GET)
        assert status(kept) == 200
        assert kept.recv(65536) == silent.recv(65536) == b""


def test_one_connection_brings_one_request_after_the_other(proxy: Proxy) -> None:
    posted = sent("POST", "/a", {}, b"12345")
    with proxy.connect() as caller:
        caller.sendall(GET + posted + posted)
        said = b""
        while said.count(b"HTTP/1.1 200 OK") < 3 or not said.endswith(b"5"):
            said += caller.recv(65536)
    assert len(proxy.seen) == 3
    assert all(b"X-Buffered-Client-Address: 127.0.0.1\r\n" in each for each in proxy.seen)


def test_who_does_not_read_the_answer_is_ended_and_the_server_is_free_at_once(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the kernel holds for the caller counts as read.
    monkeypatch.setattr(clients, "SLOWEST", 10**9)
    with proxy.connect() as lazy, proxy.connect() as other:
        lazy.sendall(sent("GET", "/large", {}))
        other.sendall(GET)
        assert status(other) == 200
        Event().wait(1.5)
        total = 0
        with suppress(ConnectionResetError):
            while piece := lazy.recv(65536):
                total += len(piece)
    assert total < 20_000_000


def test_whoever_reads_gets_all_of_a_large_answer(proxy: Proxy) -> None:
    with proxy.connect() as caller:
        caller.sendall(sent("GET", "/large", {"Connection": "close"}))
        said = b""
        while piece := caller.recv(1 << 20):
            said += piece
    assert len(said.partition(b"\r\n\r\n")[2]) == 20_000_000


def test_a_large_body_comes_whole(proxy: Proxy) -> None:
    body = bytes(range(256)) * 20_000
    with proxy.connect() as caller:
        caller.sendall(sent("POST", "/in", {}, body))
        assert status(caller) == 200
    assert proxy.seen[1].endswith(body)


def test_a_server_that_breaks_off_is_told_as_503(proxy: Proxy) -> None:
    with proxy.connect() as caller:
        caller.sendall(sent("GET", "/cut", {}))
        assert status(caller) == 503


def test_too_large_a_head_is_refused(proxy: Proxy) -> None:
    with proxy.connect() as caller:
        caller.sendall(b"GET / HTTP/1.1\r\n" + b"A: " + b"x" * 100_000)
        assert status(caller) == 431


def test_of_one_address_the_oldest_unfinished_go(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "HEAD_SECONDS", 60)
    monkeypatch.setattr(connection_limits, "YOUNG", 0.2)
    monkeypatch.setattr(connection_limits, "MOST_SLOW", 5)
    slow = [proxy.connect() for _ in range(9)]
    for caller in slow:
        caller.sendall(b"GET / HTTP/1.1\r\n")
        Event().wait(0.01)
    assert [status(caller) for caller in slow[:4]] == [408] * 4
    with proxy.connect() as quick:
        quick.sendall(GET)
        assert status(quick) == 200
    for caller in slow[4:]:
        caller.sendall(b"Host: a\r\n\r\n")
        assert status(caller) == 200
    for caller in slow:
        caller.close()


def test_where_it_is_full_the_idle_make_room(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "IDLE_SECONDS", 60)
    idle = [proxy.connect() for _ in range(60)]
    with proxy.connect() as quick:
        quick.sendall(GET)
        assert status(quick) == 200
    for caller in idle:
        caller.close()
