"""The strings of a workbook, to which cells refer by number: on disk, not in memory.

Excel stores every text once, so a roster's names, phones and identity numbers are all here. Only
its position, eight bytes for each different text, is kept in memory.
"""

import re
import tempfile
import weakref
from array import array
from functools import lru_cache

from volunteer_service.workbooks.reading.xml_events import Attributes, BadXml, Events

#: The cached texts, because a log names the same places and people again and again.
_AT_HAND = 4096
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SPACES = "\t\n\r"
#: How much of a text is struck through, by the styles of its runs.
NOT_STRUCK, WHOLLY_STRUCK, PARTLY_STRUCK = 0, 1, 2


class Strings:
    """Texts by number."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed with the strings
        weakref.finalize(self, self._file.close)
        self._ends = array("Q", [0])
        self._struck = bytearray()
        self.at = lru_cache(_AT_HAND)(self._at)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, words: str, struck: int = NOT_STRUCK) -> None:
        """Append one text, with how much of it is struck through."""
        kept = words.encode("utf-8", "replace")
        self._file.write(kept)
        self._ends.append(self._ends[-1] + len(kept))
        self._struck.append(struck)

    def struck(self, number: int) -> int:
        """Return how much of a text is struck through."""
        return self._struck[number]

    def _at(self, number: int) -> str:
        if not 0 <= number < len(self):
            raise BadXml
        begin, end = self._ends[number], self._ends[number + 1]
        self._file.seek(begin)
        return self._file.read(end - begin).decode()


class Texts(Events):
    """An element with a text: plain, or in runs of different styles; pronunciations are left
    out.
    """

    def __init__(self, longest: int) -> None:
        super().__init__(longest)
        self._is_reading = False
        self._is_run_struck = False
        self._has_struck = self._has_plain = False

    def start(self, name: str, attributes: Attributes) -> None:
        """Collect <t>; <rPh> is the pronunciation of characters, <strike> the style of a run."""
        if name == "t":
            self.listen(not self._is_reading)
            self._from = len(self._text)
        elif name == "rPh":
            self._is_reading = True
        elif name == "r":
            self._is_run_struck = False
        elif name == "strike":
            self._is_run_struck = is_on(attributes)

    def end(self, name: str) -> None:
        """End an element; text between two <t> is layout."""
        if name == "t":
            self.listen(False)
            if not "".join(self._text[self._from :]).isspace() and self._text[self._from :]:
                self._has_struck |= self._is_run_struck
                self._has_plain |= not self._is_run_struck
        elif name == "rPh":
            self._is_reading = False
        elif name == "r":
            self._is_run_struck = False

    def struck(self) -> int:
        """Return how much of the collected text is struck through, and forget it."""
        found = NOT_STRUCK
        if self._has_struck:
            found = PARTLY_STRUCK if self._has_plain else WHOLLY_STRUCK
        self._has_struck = self._has_plain = False
        return found


class SharedStrings(Texts):
    """Reads the part into :class:`Strings`; more than ``most`` are refused."""

    def __init__(self, longest: int, most: int) -> None:
        super().__init__(longest)
        self.strings = Strings()
        self.most = most
        self.is_too_many = False

    def end(self, name: str) -> None:
        """Store the text of an <si>."""
        super().end(name)
        if name == "si":
            self.strings.add(unescaped(self.heard()), self.struck())
            self.is_too_many = len(self.strings) > self.most
            self.is_done = self.is_too_many


def is_on(attributes: Attributes) -> bool:
    """Tell whether the style of an element is on, which it is by default."""
    return attributes.get("val", "1") not in ("0", "false", "off")


def unescaped(words: str) -> str:
    """Return text in which Excel's «_x000D_» is a carriage return, without other control
    characters.
    """
    return _ESCAPED.sub(_character, words) if "_x" in words else words


def _character(found: re.Match[str]) -> str:
    sign = chr(int(found[1], 16))
    if sign < " ":
        return sign if sign in _SPACES else ""
    # Half of a pair is no character, so it stays as it was written.
    return found[0] if "\ud800" <= sign <= "\udfff" else sign
