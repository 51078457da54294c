"""Measures and breaks lines of mixed Chinese and Latin text."""

import re

from volunteer_service.paper.faces import Weight, face

ELLIPSIS = "…"

# A Latin word or number stays whole; anything else may break after each character.
_PIECES = re.compile(r"[!-~\u00c0-\u024f]+ *| +|.", re.DOTALL)
# Marks that may not begin a line (GB/T 15834), and openers that may not end one.
_NOT_FIRST = "，。、；：！？）》」』】〉”’…·%)],.;:!?"
_NOT_LAST = "（《「『【〈“‘(["


def width_of(text: str, size: float, weight: Weight, tracking: float = 0.0) -> float:
    """Return the width in mm of a line of `size` mm type; tracking is only between characters."""
    known = face(weight)
    gaps = max(len(text) - 1, 0) * tracking
    return sum(known.advance(char) for char in text) * size + gaps


def wrap(text: str, size: float, weight: Weight, room: float) -> list[str]:
    """Return the lines of a text none of which is wider than `room` mm.

    It breaks between Chinese characters and around Latin words; a word wider than the line is cut.
    """
    lines, line = [], ""
    for piece in _unbreakable(text, size, weight, room):
        if line and width_of((line + piece).rstrip(), size, weight) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def clip(text: str, size: float, weight: Weight, room: float) -> str:
    """Return the text cut to `room` mm; a cut text ends in «…»."""
    if width_of(text, size, weight) <= room:
        return text
    text = text.rstrip(ELLIPSIS)
    while text and width_of(text + ELLIPSIS, size, weight) > room:
        text = text[:-1]
    return text + ELLIPSIS


def _unbreakable(text: str, size: float, weight: Weight, room: float) -> list[str]:
    """Return the pieces between which a line may break."""
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        glued = pieces and (piece[0] in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST)
        whole = pieces[-1] + piece if glued else piece
        if width_of(whole.rstrip(), size, weight) > room:
            pieces.extend(piece)
        elif glued:
            pieces[-1] = whole
        else:
            pieces.append(piece)
    return pieces
