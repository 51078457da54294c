"""Only the fields of a form with files are kept, no matter where its bytes are cut."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.formparser import parse_form_data

from tests.buffering_proxy.before_server import Proxy
from tests.served import sent, status
from volunteer_service.buffering_proxy import connection_limits
from volunteer_service.buffering_proxy.form_fields import FormFields
from volunteer_service.buffering_proxy.http_framing import IN_MEMORY

BOUNDARY = b"----WebKitFormBoundaryA1b2"
KIND = "multipart/form-data; boundary=" + BOUNDARY.decode()
HEAD = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Type: " + KIND.encode() + b"\r\n"


def part(name: str, value: bytes, filename: str | None = None) -> bytes:
    says = f'Content-Disposition: form-data; name="{name}"'
    if filename is not None:
        says += f'; filename="{filename}"\r\nContent-Type: image/jpeg'
    return b"--" + BOUNDARY + b"\r\n" + says.encode() + b"\r\n\r\n" + value + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"


def read(written: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, str | None, bytes]]]:
    """The fields and files of a form, as the server reads them."""
    environ = {
        "wsgi.input": BytesIO(written),
        "CONTENT_TYPE": KIND,
        "CONTENT_LENGTH": str(len(written)),
        "REQUEST_METHOD": "POST",
    }
    _stream, fields, files = parse_form_data(environ, silent=False)
    named = []
    for name, file in files.items(multi=True):
        with file.stream as stream:
            named.append((name, file.filename, stream.read()))
    return sorted(fields.items(multi=True)), sorted(named)


def kept_of(body: bytes, step: int, most: int = IN_MEMORY) -> bytes:
    fields = FormFields(HEAD, most)
    for place in range(0, len(body), step):
        fields.take(body[place : place + step])
    return fields.written()


@given(
    st.lists(
        st.tuples(st.sampled_from(["names", "why"]), st.text(max_size=40), st.booleans()),
        max_size=6,
    ),
    st.integers(min_value=1, max_value=300),
)
def test_fields_stay_and_files_go(said: list[tuple[str, str, bool]], step: int) -> None:
    parts = [
        part(name, value.encode(), "签到表.jpg" if is_file else None)
        for name, value, is_file in said
    ]
    fields, files = read(kept_of(form(*parts), step))
    assert fields == sorted((name, value) for name, value, is_file in said if not is_file)
    assert files == sorted((name, "签到表.jpg", b"") for name, _value, is_file in said if is_file)


def test_a_field_behind_a_large_file_stays() -> None:
    photo = bytes(range(256)) * 20_000 + b"\r\n--" + BOUNDARY[:-1] + b"\r\n"
    body = form(part("paper", photo, "a.jpg"), part("names", "张三、李四".encode()))
    kept = kept_of(body, 65_536)
    assert read(kept)[0] == [("names", "张三、李四")]
    assert len(kept) < 500


@pytest.mark.parametrize(
    "body",
    [
        form(part("names", b"x" * 2000)),
        form(*(part(f"f{n}", b"") for n in range(1200))),
        form(part('a"; filename="b', b"1"), part("names", b"2")).replace(b'a"; f', b'a\\"; f'),
        b"--" + BOUNDARY + b"\r\nContent-Disposition: form-data\r\n\r\n1\r\n",
        b"--" + BOUNDARY + b"\r\nX: \xff\r\n\r\n1\r\n",
        b"\x00" * 200_000,
    ],
)
def test_a_form_that_is_too_long_or_cannot_be_read_has_no_fields(body: bytes) -> None:
    kept = kept_of(body, 65_536, most=1000)
    assert read(kept) == ([], [])
    assert len(kept) < 1000


@pytest.mark.parametrize(
    "kind", [b"text/plain; boundary=x", b"multipart/form-data", b"; boundary=x"]
)
def test_what_is_no_form_has_no_fields(kind: bytes) -> None:
    fields = FormFields(b"POST / HTTP/1.1\r\nContent-Type: " + kind + b"\r\n", 1000)
    fields.take(form(part("a", b"1")))
    assert fields.written() == b"\r\n----\r\n"


LARGE = form(part("paper", bytes(3_000_000), "a.jpg"), part("names", "张三".encode()))


def last_of(proxy: Proxy) -> tuple[bytes, bytes]:
    head, _, body = proxy.seen[-1].partition(b"\r\n\r\n")
    return head, body


def test_the_server_gets_the_fields_of_a_form_it_lets_in_without_files(proxy: Proxy) -> None:
    with proxy.connect() as caller:
        caller.sendall(sent("POST", "/fields", {"Content-Type": KIND}, LARGE))
        assert status(caller) == 200
    head, body = last_of(proxy)
    assert b"\r\nX-Buffered-Without-Files: 1\r\n" in head
    assert b"\r\nContent-Length: %d" % len(body) in head
    assert read(body) == ([("names", "张三")], [("paper", "a.jpg", b"")])


def test_chunks_are_read_too(proxy: Proxy) -> None:
    size = 100_000
    pieces = [LARGE[place : place + size] for place in range(0, len(LARGE), size)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    head = sent("POST", "/fields", {"Content-Type": KIND})
    with proxy.connect() as caller:
        caller.sendall(head.replace(b"Content-Length: 0", b"Transfer-Encoding: chunked") + chunks)
        assert status(caller) == 200
    assert read(last_of(proxy)[1])[0] == [("names", "张三")]


def test_so_many_are_read_at_once_and_no_more(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_limits, "MOST_FILES_EACH", 0)
    with proxy.connect() as caller:
        caller.sendall(sent("POST", "/fields", {"Content-Type": KIND}, LARGE))
        assert status(caller) == 503


def test_nobody_else_says_that_files_were_left_out(proxy: Proxy) -> None:
    with proxy.connect() as caller:
        caller.sendall(sent("POST", "/a", {"X-Buffered-Without-Files": "1"}))
        assert status(caller) == 400
    assert proxy.seen == []
