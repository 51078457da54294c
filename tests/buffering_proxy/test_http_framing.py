"""The ends of requests and answers; ambiguous framing is refused."""

import pytest

from volunteer_service.buffering_proxy.http_framing import (
    IN_MEMORY,
    LONGEST_BODY,
    Answer,
    Body,
    Refused,
    head,
)

WHO = b"192.0.2.7"


def read(*fields: bytes, line: bytes = b"POST /c/x?a=1 HTTP/1.1"):
    return head(b"\r\n".join([line, *fields, b"", b""]), WHO)


def test_a_plain_head_is_handed_on_with_the_address() -> None:
    found = read(b"Host: a.cn", b"Cookie: s=1", b"Content-Length: 5", b"Connection: close, x")
    assert found.lines == (
        b"POST /c/x?a=1 HTTP/1.1\r\nHost: a.cn\r\nCookie: s=1\r\n"
        b"X-Buffered-Client-Address: 192.0.2.7\r\n"
    )
    assert (found.method, found.length, found.keeps_alive) == (b"POST", 5, False)


@pytest.mark.parametrize(
    "fields",
    [
        [b"Content-Length: 5", b"Content-Length: 6"],
        [b"Content-Length: 5, 5"],
        [b"Content-Length: +5"],
        [b"Content-Length: -5"],
        [b"Content-Length: 0x5"],
        [b"Content-Length: "],
        [b"Content-Length: \xb2"],
        [b"Content-Length: 5", b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: gzip, chunked"],
        [b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: xchunked"],
        [b"Transfer-Encoding : chunked"],
        [b"Host: a", b"Host: b"],
        [b"X-Buffered-Client-Address: 10.0.0.1"],
        [b"x-buffered-client-address:10.0.0.1"],
        [b" folded"],
        [b"no colon"],
        [b": no name"],
        [b"Nul: a\0b"],
        [b"Bare: a\nContent-Length: 5"],
        [b"Bare: a\rContent-Length: 5"],
    ],
)
def test_a_head_of_two_meanings_is_refused(fields: list[bytes]) -> None:
    with pytest.raises(Refused) as refused:
        read(*fields)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "line",
    [
        b"GET",
        b"GET /",
        b"GET / HTTP/2.0",
        b"GET /a b HTTP/1.1",
        b"G@T / HTTP/1.1",
        b" GET / HTTP/1.1",
    ],
)
def test_a_request_line_of_another_kind_is_refused(line: bytes) -> None:
    with pytest.raises(Refused):
        read(line=line)


def test_a_name_that_could_pass_for_another_is_not_handed_on() -> None:
    found = read(b"X_Buffered_Client_Address: 10.0.0.1", b"X_Forwarded_For: 10.0.0.1")
    assert b"10.0.0.1" not in found.lines


def test_a_body_that_is_said_to_be_too_large_is_refused_at_once() -> None:
    for length in (str(LONGEST_BODY + 1), "9" * 5000):
        with pytest.raises(Refused) as refused:
            read(b"Content-Length: " + length.encode())
        assert refused.value.status == 413


def taken(body: Body, *pieces: bytes) -> tuple[bytes, bytes]:
    """What the body took, and what it left."""
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        body.take(buffer)
    return b"".join(body.pieces()), bytes(buffer)


def test_a_body_takes_what_is_its_own() -> None:
    body = Body(5)
    assert taken(body, b"ab", b"cdeGET /") == (b"abcde", b"GET /")
    assert body.is_whole


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_chunks_in_any_pieces(size: int) -> None:
    sent = b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nGET /"
    body = Body(None)
    if b"Trailer" in sent:
        sent = sent.replace(b"Trailer: x\r\n", b"")
    pieces = [sent[n : n + size] for n in range(0, len(sent), size)]
    assert taken(body, *pieces) == (b"abc0123456789", b"GET /")
    assert body.is_whole


@pytest.mark.parametrize(
    "sent", [b"x\r\n", b"-1\r\n", b"3\r\nabcd\r\n", b"fffffffff\r\n", b"1" * 2000, b"3 4\r\n"]
)
def test_chunks_of_another_kind_are_refused(sent: bytes) -> None:
    with pytest.raises(Refused):
        taken(Body(None), sent)


def test_a_large_body_lies_in_a_file() -> None:
    body = Body(None)
    kept, _rest = taken(body, b"100000\r\n" + b"x" * 0x100000 + b"\r\n0\r\n\r\n")
    assert body.is_on_disk
    assert len(kept) == 0x100000 > IN_MEMORY
    body.drop()


def test_a_body_of_many_short_chunks_is_refused() -> None:
    few, many = (Body(None) for _ in range(2))
    few.take(bytearray(b"1\r\nx\r\n" * 1000 + b"0\r\n\r\n"))
    assert few.is_whole
    with pytest.raises(Refused) as refused:
        many.take(bytearray(b"1\r\nx\r\n" * 2000))
    assert refused.value.status == 400
    long = Body(None)
    long.take(bytearray((b"40\r\n" + b"x" * 64 + b"\r\n") * 2000))
    assert long.size == 128_000


def test_our_own_server_may_answer_in_short_chunks() -> None:
    answer = Answer(b"GET")
    answer.see(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    answer.see(b"1\r\nx\r\n" * 5000 + b"0\r\n\r\n")
    assert answer.is_whole


@pytest.mark.parametrize("blank", [b" ", b"\t", b" \t"])
def test_a_head_of_blanks_is_read_once(blank: bytes) -> None:
    """An expression that matches blanks at both ends takes seconds for the first, hours for the
    second.
    """
    blanks = blank * (30_000 // len(blank))
    found = read(b"X: a" + blanks + b"b", b"Content-Length:" + blanks[:900] + b"5" + blanks[:900])
    assert found.length == 5
    with pytest.raises(Refused):
        read(b"X:" + blanks + b"\x01")


def test_chunks_without_end_are_refused() -> None:
    body, buffer = Body(None), bytearray()
    piece = b"800000\r\n" + b"x" * 0x800000 + b"\r\n"
    statuses = []
    for _ in range(9):
        buffer += piece
        try:
            body.take(buffer)
        except Refused as refused:
            statuses.append(refused.status)
    assert statuses[:1] == [413]
    body.drop()


@pytest.mark.parametrize(
    ("method", "answer", "is_whole", "keeps_alive"),
    [
        (b"GET", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", True, True),
        (b"GET", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", False, True),
        (b"HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", True, True),
        (b"GET", b"HTTP/1.1 304 Not Modified\r\n\r\n", True, True),
        (b"GET", b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", True, False),
        (b"GET", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n", False, True),
        (
            *(b"GET", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"),
            *(True, True),
        ),
        (b"GET", b"HTTP/1.0 200 OK\r\n\r\nabc", False, False),
    ],
)
@pytest.mark.parametrize("size", [1, 1000])
def test_where_an_answer_ends(
    method: bytes, answer: bytes, is_whole: bool, keeps_alive: bool, size: int
) -> None:
    found = Answer(method)
    for n in range(0, len(answer), size):
        found.see(answer[n : n + size])
    assert (found.is_whole, found.keeps_alive) == (is_whole, keeps_alive)


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab"]
)
def test_an_answer_that_is_none_is_not_passed_on_as_one(answer: bytes) -> None:
    with pytest.raises(Refused):
        Answer(b"GET").see(answer)
