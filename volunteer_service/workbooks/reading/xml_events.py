"""A stranger's XML as events: nothing is expanded or accumulated.

openpyxl builds a tree that keeps an emptied element for each row, and a list of all strings. Here a
part of any size is read in the same few hundred kilobytes. A document type (entities) and an
endless nesting or tag are refused.
"""

from collections.abc import Iterator
from typing import IO
from xml.parsers import expat  # nosec  a document type, hence any entity, is refused

_PIECE = 64 * 1024
#: The most bytes of one tag, which the parser keeps whole.
_LONGEST_TAG = 1024 * 1024
_DEEPEST = 64
#: The separator of namespace and name, which cannot occur in either.
_BETWEEN = "\n"

Attributes = dict[str, str]


class BadXml(Exception):
    """The part is no XML, or more than a list needs; stays within this package."""


class Events:
    """Reads one part; a subclass says what to do at the start and the end of an element."""

    def __init__(self, longest: int) -> None:
        #: Characters kept of one text; one more than allowed shows that it was too long.
        self._longest = longest + 1
        self._text: list[str] = []
        self._left = self._longest
        self._is_listening = False
        self._depth = 0
        self._parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._hear
        self._parser.StartDoctypeDeclHandler = _refuse
        #: Set to stop before the end.
        self.is_done = False

    def start(self, name: str, attributes: Attributes) -> None:
        """Handle the start of an element; its name is without namespace."""

    def end(self, name: str) -> None:
        """Handle the end of an element."""

    def listen(self, on: bool = True) -> None:
        """Keep the text from here on, after the text before; or stop keeping it."""
        self._is_listening = on

    def heard(self) -> str:
        """Return the collected text, and forget it."""
        words = "".join(self._text)
        self._text.clear()
        self._left, self._is_listening = self._longest, False
        return words

    def read(self, source: IO[bytes]) -> Iterator[None]:
        """Read piece by piece; the subclass has the result."""
        fed = 0
        while not self.is_done:
            piece = source.read(_PIECE)
            fed += len(piece)
            try:
                self._parser.Parse(piece, not piece)
            except (expat.ExpatError, ValueError) as broken:
                raise BadXml from broken
            if fed - self._parser.CurrentByteIndex > _LONGEST_TAG:
                raise BadXml
            yield
            if not piece:
                return

    def read_all(self, source: IO[bytes]) -> None:
        """Read to the end."""
        for _piece in self.read(source):
            pass

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadXml
        self.start(name.rpartition(_BETWEEN)[2], attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.end(name.rpartition(_BETWEEN)[2])

    def _hear(self, words: str) -> None:
        if self._is_listening and self._left > 0:
            self._text.append(words[: self._left])
            self._left -= len(words)


def attribute(attributes: Attributes, name: str) -> str | None:
    """Return an attribute by its name without namespace."""
    for key, value in attributes.items():
        if key.rpartition(_BETWEEN)[2] == name:
            return value
    return None


def _refuse(*_doctype: object) -> None:
    raise BadXml
