"""A large body is admitted once the server allows it, and not before."""

import socket
from contextlib import ExitStack, suppress
from threading import Event

import pytest

from tests.buffering_proxy.before_server import Proxy
from tests.served import sent, status
from volunteer_service.buffering_proxy import clients, connection_limits, questions
from volunteer_service.buffering_proxy.http_framing import LONGEST_BODY, WITHOUT_ASKING

LARGE = {"Content-Length": str(60 * 1024 * 1024)}
CHUNKED = b"POST %s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


def all_of(caller: socket.socket) -> bytes:
    said = b""
    with suppress(ConnectionResetError):
        while piece := caller.recv(65536):
            said += piece
    return said


def poured(caller: socket.socket, most: int) -> int:
    """Bytes that the other end took, until it took no more for a while."""
    caller.settimeout(0.5)
    taken = 0
    with suppress(TimeoutError, ConnectionError):
        while taken < most:
            taken += caller.send(bytes(65536))
    return taken


def test_the_server_is_asked_with_the_head_alone(proxy: Proxy) -> None:
    with proxy.connect() as caller:
        caller.sendall(sent("POST", "/a?b=1", LARGE | {"Cookie": "session=x"}, b"first bytes"))
        said = all_of(caller)
    assert said == b"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 3\r\n\r\nwho"
    assert proxy.seen == [
        b"POST /a?b=1 HTTP/1.1\r\nHost: localhost\r\nCookie: session=x\r\n"
        b"X-Buffered-Client-Address: 127.0.0.1\r\nX-Buffered-Body-Bytes: 62914560\r\n"
        b"Connection: keep-alive\r\nContent-Length: 0\r\n\r\n"
    ]


def test_a_body_that_a_form_may_have_is_not_asked_about(proxy: Proxy) -> None:
    with proxy.connect() as caller:
        caller.sendall(sent("POST", "/a", {}, bytes(WITHOUT_ASKING)))
        assert status(caller) == 200
    assert [b"X-Buffered-Body-Bytes" in each for each in proxy.seen] == [False]


def test_nothing_is_taken_in_before_the_server_has_said_so(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "HELD_SECONDS", 60)
    with proxy.connect() as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        caller.sendall(sent("POST", "/silent", LARGE))
        # Bytes in the kernel's buffers do not count.
        assert poured(caller, 60 * 1024 * 1024) < 16 * 1024 * 1024
    assert len(proxy.seen) == 1


def test_chunks_are_asked_about_once_they_are_many(proxy: Proxy) -> None:
    piece = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    as_a_form = WITHOUT_ASKING // 0x10000
    with proxy.connect() as caller:
        caller.sendall(CHUNKED % b"/a" + piece * as_a_form + b"0\r\n\r\n")
        assert status(caller) == 200
    with proxy.connect() as caller:
        with suppress(ConnectionError):
            caller.sendall(CHUNKED % b"/a" + piece * as_a_form + b"1\r\nx\r\n")
        assert b" 401 " in all_of(caller)
    assert [b"X-Buffered-Body-Bytes: " in each for each in proxy.seen] == [False, True]


def test_chunks_that_are_let_in_come_whole(proxy: Proxy) -> None:
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with proxy.connect() as caller:
        caller.sendall(CHUNKED % b"/in" + piece * 40 + b"0\r\n\r\n")
        assert status(caller) == 200
    assert proxy.seen[1].endswith(b"\r\n\r\n" + b"x" * 40 * 0x10000)


def test_who_waits_for_leave_gets_it_of_the_server(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "START_SECONDS", 60)
    waits = {"Content-Length": str(2 * WITHOUT_ASKING), "Expect": "100-continue"}
    with proxy.connect() as caller, proxy.connect() as other:
        other.sendall(sent("POST", "/a", waits))
        assert b" 100 " not in (said := all_of(other))
        assert said.startswith(b"HTTP/1.1 401 ")
        caller.sendall(sent("POST", "/in", waits))
        assert caller.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        caller.sendall(bytes(2 * WITHOUT_ASKING))
        assert status(caller) == 200
    assert len(proxy.seen) == 3


@pytest.mark.parametrize("path", ["/silent", "/cut"])
def test_where_the_server_says_nothing_nothing_comes_in(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(clients, "HELD_SECONDS", 0.3)
    with proxy.connect() as caller:
        caller.sendall(sent("POST", path, LARGE))
        said = all_of(caller)
    assert said.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: " in said
    assert len(proxy.seen) == 1


def test_so_many_are_asked_about_at_once_and_no_more(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "HELD_SECONDS", 60)
    monkeypatch.setattr(connection_limits, "MOST_HELD_EACH", 3)
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(proxy.connect()).sendall(sent("POST", "/silent", LARGE))
        while len(proxy.seen) < 3:
            Event().wait(0.01)
        more = stack.enter_context(proxy.connect())
        more.sendall(sent("POST", "/in", LARGE))
        assert status(more) == 503
        small = stack.enter_context(proxy.connect())
        small.sendall(sent("POST", "/a", {}, b"12345"))
        assert status(small) == 200
    assert len(proxy.seen) == 4


def test_questions_wait_and_all_others_pass_by(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "HELD_SECONDS", 0.5)
    monkeypatch.setattr(questions, "MOST_UNDER_WAY", 2)
    with ExitStack() as stack:
        callers = [stack.enter_context(proxy.connect()) for _ in range(10)]
        for caller in callers:
            caller.sendall(sent("POST", "/silent", LARGE))
        # The server of this test takes four at once.
        other = stack.enter_context(proxy.connect())
        other.sendall(sent("POST", "/a", {}, b"12345"))
        assert status(other) == 200
        assert [status(caller) for caller in callers] == [503] * 10
    assert len(proxy.seen) == 3


def test_one_answer_after_the_other_lets_all_in(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "START_SECONDS", 60)
    monkeypatch.setattr(questions, "MOST_UNDER_WAY", 1)
    with ExitStack() as stack:
        callers = [stack.enter_context(proxy.connect()) for _ in range(9)]
        for number, caller in enumerate(callers):
            path = "/in" if number % 3 else "/cut"
            caller.sendall(sent("POST", path, {"Content-Length": str(2 * WITHOUT_ASKING)}))
        for number, caller in enumerate(callers):
            if number % 3:
                caller.sendall(bytes(2 * WITHOUT_ASKING))
            assert status(caller) == (200 if number % 3 else 503)


def test_who_leaves_while_the_server_thinks_leaves_room(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "HELD_SECONDS", 60)
    monkeypatch.setattr(connection_limits, "MOST_HELD_EACH", 1)
    with proxy.connect() as caller:
        caller.sendall(sent("POST", "/silent", LARGE, b"some"))
        while not proxy.seen:
            Event().wait(0.01)
    for path, size in (("/a", 5), ("/in", WITHOUT_ASKING + 1)):
        with proxy.connect() as other:
            other.sendall(sent("POST", path, {}, bytes(size)))
            assert status(other) == 200


def test_chunks_of_who_says_no_more_come_whole(proxy: Proxy) -> None:
    piece = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    for end, answers in ((b"0\r\n\r\n", 2), (b"", 1)):
        proxy.seen.clear()
        with proxy.connect() as caller:
            caller.sendall(CHUNKED % b"/in" + piece * 17 + end)
            caller.shutdown(socket.SHUT_WR)
            assert (b"\r\n\r\n" in all_of(caller)) == bool(end)
        assert len(proxy.seen) == answers


def test_beyond_the_longest_body_nobody_is_asked(proxy: Proxy) -> None:
    with proxy.connect() as caller:
        caller.sendall(sent("POST", "/in", {"Content-Length": str(LONGEST_BODY + 1)}))
        assert status(caller) == 413
    assert proxy.seen == []


def test_the_next_request_of_a_connection_is_asked_about_again(proxy: Proxy) -> None:
    with proxy.connect() as caller:
        for path, expected in (("/in", 200), ("/a", 401)):
            caller.sendall(sent("POST", path, {}, bytes(WITHOUT_ASKING + 1)))
            assert status(caller) == expected
