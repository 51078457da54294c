"""The typeface of every paper: Noto Sans SC, parsed once a process, and a second font for what it
lacks: 1,700 Chinese characters of Noto Sans HK, which are in the same hand.

A name may contain any of 30,000 characters, so the whole font stays in memory; a document embeds
only the glyphs it uses.
"""

import io
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont

Weight = Literal["regular", "bold"]

FOLDER = Path(__file__).parent / "fonts"
FILES: Mapping[Weight, str] = {
    "regular": "NotoSansSC-Regular.ttf",
    "bold": "NotoSansSC-Bold.ttf",
}
#: Only what the first font lacks; ``tools/assets.py`` cuts them.
SECOND_FILES: Mapping[Weight, str] = {
    "regular": "NotoSansHK-Regular.ttf",
    "bold": "NotoSansHK-Bold.ttf",
}

#: Runs of characters that both weights of a font draw, written by ``tools/assets.py``.
DRAWN = "drawn.txt"
#: Letters, signs and the Chinese characters of everyday names: both weights draw all of them.
SURE = re.compile("[ -~·\u4e00-\u9fef]*")

# fontTools unpacks a glyph on first use and drops the packed form, which is not thread-safe.
_unpacking = Lock()
_parsing = Lock()


class FontMissing(RuntimeError):
    """A font file of the papers is missing from the place where the asset step puts it."""


@dataclass(frozen=True, eq=False)
class Face:
    """One weight of the typeface: which characters it has and how wide each is, in em."""

    path: Path
    font: TTFont
    glyphs: Mapping[int, str]
    advances: Mapping[str, tuple[int, int]]
    units: int

    def has(self, char: str) -> bool:
        """Tell whether the font can draw this character."""
        return ord(char) in self.glyphs

    def advance(self, char: str) -> float:
        """Return the width of a character in em; a missing one is as wide as a Chinese one."""
        glyph = self.glyphs.get(ord(char))
        return 1.0 if glyph is None else self.advances[glyph][0] / self.units


def face(weight: Weight, *, is_second: bool = False) -> Face:
    """Return the parsed font of a weight, or the second one; raises FontMissing with the cure when
    the file is absent.
    """
    # The cache alone would let concurrent threads each open and parse the font.
    with _parsing:
        return _parsed((SECOND_FILES if is_second else FILES)[weight])


@lru_cache(maxsize=4)
def _parsed(file: str) -> Face:
    path = FOLDER / file
    if not path.is_file():
        raise FontMissing(f"The font {path} is missing: run `make setup`, which fetches it.")
    font = TTFont(path, lazy=True)
    return Face(
        path=path,
        font=font,
        glyphs=font.getBestCmap(),
        advances=font["hmtx"].metrics,
        units=font["head"].unitsPerEm,
    )


def printable(text: str) -> str:
    """Return the text as it can be drawn: with plain white space and without invisible
    characters.
    """
    kept = (" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    return "".join(char for char in kept if not _invisible(char))


def undrawn(text: str) -> str:
    """Return the characters of a text that no font of ours draws, each once: papers show boxes for
    them.

    No font is opened: two parsed fonts are 27 MB, more than the import of a list may need.
    """
    if SURE.fullmatch(text):
        return ""
    return "".join(char for char in dict.fromkeys(printable(text)) if not _drawn(ord(char)))


def _drawn(point: int) -> bool:
    firsts, lasts = _runs()
    at = bisect_right(firsts, point) - 1
    return at >= 0 and point <= lasts[at]


@lru_cache(maxsize=1)
def _runs() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the first and the last character of each run that the fonts draw."""
    path = FOLDER / DRAWN
    if not path.is_file():
        raise FontMissing(f"The table {path} is missing: run `make setup`, which makes it.")
    runs = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    return tuple(int(run[0], 16) for run in runs), tuple(int(run[1], 16) for run in runs)


def _invisible(char: str) -> bool:
    selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return selector or unicodedata.category(char) in ("Cc", "Cf")


def subset(weight: Weight, chars: Iterable[str], *, is_second: bool = False) -> bytes:
    """Return a small TrueType file with the glyphs of `chars` alone.

    Built from the parsed font in some milliseconds: a PDF library left to itself parses the
    10 MB file anew for each document.
    """
    source = face(weight, is_second=is_second)
    wanted = {ord(char): source.glyphs[ord(char)] for char in chars if source.has(char)}
    with _unpacking:
        return _build(source, wanted)


def _build(source: Face, wanted: Mapping[int, str]) -> bytes:
    glyf = source.font["glyf"]
    order = [".notdef", *sorted(_with_components(glyf, set(wanted.values())))]
    hhea, os2, post = source.font["hhea"], source.font["OS/2"], source.font["post"]
    builder = FontBuilder(source.units, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(dict(wanted))
    builder.setupGlyf({name: glyf[name] for name in order})
    builder.setupHorizontalMetrics({name: source.advances[name] for name in order})
    builder.setupHorizontalHeader(ascent=hhea.ascent, descent=hhea.descent)
    name = source.path.stem
    family, _, style = name.partition("-")
    builder.setupNameTable({"familyName": family, "styleName": style, "psName": name})
    builder.setupOS2(
        sTypoAscender=os2.sTypoAscender,
        sTypoDescender=os2.sTypoDescender,
        usWeightClass=os2.usWeightClass,
        sCapHeight=os2.sCapHeight,
        fsType=os2.fsType,
    )
    builder.setupPost(italicAngle=post.italicAngle, keepGlyphNames=False)
    # A fixed time stamp, so that the same paper has the same bytes whenever it is made.
    head = source.font["head"]
    builder.font["head"].created, builder.font["head"].modified = head.created, head.modified
    builder.font.recalcTimestamp = False
    packed = io.BytesIO()
    builder.save(packed)
    return packed.getvalue()


def _with_components(glyf: Any, names: set[str]) -> set[str]:
    """Return the glyphs and, for composite ones, the parts they are made of."""
    found: set[str] = set()
    queue = names - {".notdef"}
    while queue:
        name = queue.pop()
        found.add(name)
        queue |= set(glyf[name].getComponentNames(glyf)) - found - {".notdef"}
    return found
