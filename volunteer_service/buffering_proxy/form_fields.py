"""Keeps the fields of a form with files while its body is read; the files are dropped.

It serves forms whose sender may hand in no more files because the session has ended: the typed text
is short and comes back on its page, and the files are chosen again.
"""

import re

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

#: Most fields and files of one form.
_MOST_PARTS = 1000
#: Bytes that are read at once.
_STEP = 64 * 1024
#: A piece with such an end is held back: the decoder would misread a line's end or a boundary in
#: it.
_UNSURE_END = re.compile(rb"(?:\r|--?)\Z")


class FormFields:
    """Reads a form piece by piece and keeps its fields and the name of each file.

    ``most`` bounds the bytes that are kept. A form that has more, or cannot be read, has none.
    """

    def __init__(self, head: bytes, most: int) -> None:
        self._boundary = _boundary_of(head)
        self._most = most
        self._kept = bytearray()
        self._rest = b""
        self._is_file = False
        self._decoder: MultipartDecoder | None = None
        if self._boundary:
            self._decoder = MultipartDecoder(
                self._boundary, most + 2 * _STEP, max_parts=_MOST_PARTS
            )

    def take(self, piece: bytes) -> None:
        """Read the next piece."""
        for place in range(0, len(piece), _STEP):
            if self._decoder is None:
                return
            whole = self._rest + piece[place : place + _STEP]
            end = _UNSURE_END.search(whole)
            cut = end.start() if end else len(whole)
            self._rest = whole[cut:]
            try:
                self._decoder.receive_data(whole[:cut])
                self._keep_what_came(self._decoder)
            except (ValueError, RequestEntityTooLarge):
                self._kept.clear()
                self._decoder = None

    def written(self) -> bytes:
        """Return the form with whole fields and empty files."""
        return b"%s\r\n--%s--\r\n" % (self._kept, self._boundary)

    def _keep_what_came(self, decoder: MultipartDecoder) -> None:
        while not isinstance(event := decoder.next_event(), NeedData | Epilogue):
            if isinstance(event, File | Field):
                self._begin(event)
            elif isinstance(event, Data) and not self._is_file:
                self._kept += event.data
            if len(self._kept) > self._most - len(self._boundary) - len("\r\n----\r\n"):
                raise RequestEntityTooLarge()

    def _begin(self, part: File | Field) -> None:
        self._is_file = isinstance(part, File)
        said = {"name": part.name}
        if isinstance(part, File):
            said["filename"] = part.filename
        # A browser percent-encodes these within a name.
        if any(value is None or set(value) & set('"\r\n') for value in said.values()):
            raise ValueError("a name that would end its header")
        named = "".join(f'; {key}="{value}"' for key, value in said.items()).encode()
        line = b"\r\n--%s\r\nContent-Disposition: form-data%s\r\n\r\n"
        self._kept += line % (self._boundary, named)


def _boundary_of(head: bytes) -> bytes:
    """Return the boundary of a form's parts from its request's head; empty if it is no form."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-type":
            kind, said = parse_options_header(value.decode("latin-1").strip())
            if kind == "multipart/form-data":
                return said.get("boundary", "").encode("latin-1", "ignore")
    return b""
