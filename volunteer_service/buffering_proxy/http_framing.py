"""Where a request ends, read strictly: a request that could be read in two ways is refused.

Only the framing is read (lengths, chunks, the end of the head); the meaning is left to the server.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from volunteer_service.buffering_proxy.form_fields import FormFields

#: Bytes of request line and header fields together.
LONGEST_HEAD = 32 * 1024
#: Bytes of the largest body; the application sets a smaller limit for each path.
LONGEST_BODY = 65 * 1024 * 1024
#: Bytes of a body that are read before the server is asked whether this client may send more. As
#: much stays in memory: no body is written to a file before the server admits it. The longest form
#: has 8,000 characters, in percent encoding 72 kB.
WITHOUT_ASKING = IN_MEMORY = 128 * 1024
#: Bytes of a file that are read at once.
PIECE = 256 * 1024
#: Fewest bytes on average of chunks beyond the first few: each costs as much as a long one.
_FREE_CHUNKS, _SHORTEST_CHUNK = 1024, 64
#: Fields that only this proxy may set: the client's address; in a question about a body, how many
#: bytes would follow; and whether the files of a form were left out.
ADDRESS = b"X-Buffered-Client-Address"
ANNOUNCED = b"X-Buffered-Body-Bytes"
WITHOUT_FILES = b"X-Buffered-Without-Files"
_OURS_ALONE = frozenset({ADDRESS.lower(), ANNOUNCED.lower(), WITHOUT_FILES.lower()})

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_LINE = re.compile(rb"(" + _TOKEN + rb") ([\x21-\xff]+) HTTP/1\.([01])\r\n")
#: The blanks around a value are stripped afterwards: an expression that matches them at both ends
#: takes hours for a head of blanks.
_FIELD = re.compile(rb"(" + _TOKEN + rb"):([\t\x20-\x7e\x80-\xff]*)\r\n")
#: Hop-by-hop fields, which the proxy sets itself.
_OURS = frozenset(
    {
        *(b"connection", b"content-length", b"expect", b"keep-alive", b"proxy-connection"),
        *(b"te", b"trailer", b"transfer-encoding", b"upgrade", b"http2-settings"),
    }
)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n")


class Refused(Exception):
    """The request cannot be read; ``status`` is answered and the connection ends."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Head:
    """A request's head as it is forwarded, and the framing of its body."""

    lines: bytes
    method: bytes
    #: Bytes of the body; None where it comes in chunks.
    length: int | None
    keeps_alive: bool
    is_old: bool
    waits_to_go_on: bool


def head(raw: bytes, address: bytes) -> Head:
    """Read a whole head (with its empty line); :class:`Refused` where it is not plain."""
    line = _LINE.match(raw)
    if line is None:
        raise Refused(400)
    fields, place, end = [], line.end(), len(raw) - 2
    while place < end:
        field = _FIELD.match(raw, place, end)
        if field is None:
            raise Refused(400)
        fields.append((field[1].lower(), field[2].strip(b" \t"), field[0]))
        place = field.end()
    said = {name: value for name, value, _line in fields if name in _OURS or name == b"host"}
    is_old = line[3] == b"0"
    length = _length(fields, is_old)
    # CGI writes _ for -, so a name with _ could pass for another one.
    kept = [raw for name, _v, raw in fields if name not in _OURS and b"_" not in name]
    if any(name in _OURS_ALONE for name, _value, _line in fields):
        raise Refused(400)
    wants = said.get(b"connection", b"").lower()
    return Head(
        lines=b"%s %s HTTP/1.%s\r\n%s%s: %s\r\n"
        % (line[1], line[2], line[3], b"".join(kept), ADDRESS, address),
        method=line[1],
        length=length,
        keeps_alive=not is_old and b"close" not in wants,
        is_old=is_old,
        waits_to_go_on=said.get(b"expect", b"").lower() == b"100-continue",
    )


def _length(fields: list[tuple[bytes, bytes, bytes]], is_old: bool) -> int | None:
    lengths = {value for name, value, _line in fields if name == b"content-length"}
    codings = [value.lower() for name, value, _line in fields if name == b"transfer-encoding"]
    if sum(name == b"host" for name, _value, _line in fields) > 1:
        raise Refused(400)
    if codings:
        if lengths or codings != [b"chunked"] or is_old:
            raise Refused(400)
        return None
    if not lengths:
        return 0
    [said, *others] = lengths
    if others or not said.isdigit():
        raise Refused(400)
    if len(said) > 12 or int(said) > LONGEST_BODY:
        raise Refused(413)
    return int(said)


class Body:
    """A body as it arrives, in memory or, when it is large, in a file that nobody else sees."""

    def __init__(self, length: int | None) -> None:
        self.size = 0
        self.is_whole = length == 0
        self._left = length
        self._chunk = 0
        self._chunks = 0
        self._state = "size"
        self._kept: IO[bytes] | bytearray = bytearray()
        self._fields: FormFields | None = None

    def leave_files_out(self, head: bytes) -> None:
        """Keep only the fields of this form from here on, in memory, and no files."""
        fields = FormFields(head, IN_MEMORY)
        for piece in self.pieces():
            fields.take(piece)
        self.drop()
        self._kept, self._fields = bytearray(), fields

    @property
    def is_without_files(self) -> bool:
        """Tell whether the files of the form are left out."""
        return self._fields is not None

    def take(self, buffer: bytearray) -> None:
        """Move the bytes of the body from the buffer into it."""
        if self._left is not None:
            piece = bytes(buffer[: self._left])
            del buffer[: len(piece)]
            self._left -= len(piece)
            self._keep(piece)
            self.is_whole = not self._left
            return
        while not self.is_whole and self._take_chunk(buffer):
            pass

    def pieces(self) -> Iterator[bytes]:
        """Yield the kept bytes from the beginning."""
        if self._fields is not None:
            yield self._fields.written()
            return
        if isinstance(self._kept, bytearray):
            yield bytes(self._kept)
            return
        self._kept.seek(0)
        while piece := self._kept.read(PIECE):
            yield piece

    def drop(self) -> None:
        """Discard the body."""
        if not isinstance(self._kept, bytearray):
            self._kept.close()

    @property
    def is_on_disk(self) -> bool:
        """Tell whether the body grew too large for memory."""
        return not isinstance(self._kept, bytearray)

    def _take_chunk(self, buffer: bytearray) -> bool:
        """Take one step through the chunks; return False where more has to come."""
        if self._state == "data":
            piece = bytes(buffer[: self._chunk])
            del buffer[: len(piece)]
            self._keep(piece)
            self._chunk -= len(piece)
            if not self._chunk:
                self._state = "end"
            return bool(piece)
        end = buffer.find(b"\r\n")
        if end < 0:
            if len(buffer) > 1024:
                raise Refused(400)
            return False
        line = bytes(buffer[: end + 2])
        del buffer[: end + 2]
        self._next(line)
        return True

    def _next(self, line: bytes) -> None:
        if self._state == "size":
            said = _CHUNK.fullmatch(line)
            if said is None:
                raise Refused(400)
            self._chunk = int(said[1], 16)
            self._state = "data" if self._chunk else "trailer"
            self._count_chunk()
        elif line != b"\r\n":
            # Nothing else may follow a chunk; nobody needs the fields after the last one.
            raise Refused(400)
        elif self._state == "end":
            self._state = "size"
        else:
            self.is_whole = True

    def _count_chunk(self) -> None:
        self._chunks += 1
        if self._chunks > _FREE_CHUNKS + self.size // _SHORTEST_CHUNK:
            raise Refused(400)

    def _keep(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > LONGEST_BODY:
            raise Refused(413)
        if self._fields is not None:
            self._fields.take(piece)
            return
        if isinstance(self._kept, bytearray):
            if self.size <= IN_MEMORY:
                self._kept += piece
                return
            memory, self._kept = self._kept, tempfile.TemporaryFile()  # noqa: SIM115  kept open
            self._kept.write(memory)
        self._kept.write(piece)


@dataclass(frozen=True)
class Request:
    """A request as it is forwarded once its body is whole."""

    head: Head
    body: Body

    def first(self) -> bytes:
        """Return its head, with the fields that the proxy sets."""
        closing = b"close" if self.head.is_old else b"keep-alive"
        size = self.body.size
        marked = b""
        if self.body.is_without_files:
            size, marked = sum(map(len, self.body.pieces())), WITHOUT_FILES + b": 1\r\n"
        sized = size or self.head.method not in (b"GET", b"HEAD")
        length = marked + (b"Content-Length: %d\r\n" % size if sized else b"")
        return b"%sConnection: %s\r\n%s\r\n" % (self.head.lines, closing, length)


_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_ANSWER_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_ANSWER_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*\r\n", re.IGNORECASE)
_ANSWER_CLOSES = re.compile(rb"\r\nconnection:[ \t]*close[ \t]*\r\n", re.IGNORECASE)


class Answer:
    """Where the server's answer ends; its bytes are passed on as they are."""

    def __init__(self, method: bytes) -> None:
        self.is_whole = False
        self.keeps_alive = True
        self._method = method
        self._head = bytearray()
        self._left: int | None = None
        self._chunks: _Chunks | None = None
        self._rest = bytearray()
        self._begun = False

    def see(self, data: bytes) -> None:
        """Follow the next bytes; raise :class:`Refused` for an answer that the server never
        gives.
        """
        if not self._begun:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            self._begun = True
            data = bytes(self._head[end + 4 :])
            self._read(bytes(self._head[: end + 4]))
        if self._chunks is not None:
            self._rest += data
            self._chunks.take(self._rest)
            self.is_whole = self._chunks.is_whole
        elif self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise Refused(502)
            self.is_whole = not self._left

    def _read(self, raw: bytes) -> None:
        status = _STATUS.match(raw)
        if status is None:
            raise Refused(502)
        self.keeps_alive = _ANSWER_CLOSES.search(raw) is None
        length = _ANSWER_LENGTH.search(raw)
        if self._method == b"HEAD" or status[1] in (b"204", b"304"):
            self._left = 0
        elif length is not None:
            self._left = int(length[1])
        elif _ANSWER_CHUNKED.search(raw) is not None:
            self._chunks = _Chunks()
        else:
            # It ends with the connection.
            self.keeps_alive = False


class _Chunks(Body):
    """Follows our own server's chunks, however short, without keeping them."""

    def __init__(self) -> None:
        super().__init__(None)

    def _count_chunk(self) -> None:
        pass

    def _keep(self, piece: bytes) -> None:
        self.size += len(piece)
