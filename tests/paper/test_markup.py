"""Any name is drawn as written, inside the paper, and the code stays readable."""

import re
from dataclasses import replace

import pytest

from tests.paper.papers import (
    MADE_AT,
    VERIFY,
    honour,
    pdf_pages,
    pdf_text,
    picture,
    poster,
    record,
    scanned,
)
from volunteer_service.paper import pdf, png
from volunteer_service.paper.faces import face, printable
from volunteer_service.paper.honour import honour_sheet
from volunteer_service.paper.poster import poster_sheet
from volunteer_service.paper.service_record import service_record_sheets
from volunteer_service.paper.sheet import Sheet
from volunteer_service.paper.wrap import width_of

WRITTEN = (
    "<b>王</b>",
    "{{7*7}}",
    "</script>",
    "=1+1",
    "\u202e王建国",
    "😀👨\u200d👩\u200d👧王",
    "𬱖",
    "%(name)s \\x",
)
LONG = ("长" * 200, "W" * 200, "long words " * 18, "😀" * 200)
#: No printer reaches the outermost millimetres.
EDGE = 5.0


def papers(text: str) -> dict[str, Sheet]:
    """Each paper with the text in everything that a person writes."""
    line = replace(record(1).lines[0], activity=text, place=text, unit=text)
    proof = replace(record(1), name=text, unit=text, lines=[line])
    return {
        "honour": honour_sheet(honour(name=text, rule=text, issuer=text)),
        "poster": poster_sheet(poster(event=text, team=text, place=text, meeting_point=text)),
        "record": service_record_sheets(proof)[0],
    }


def drawn(text: str) -> str:
    """What of the text a font has; the rest is a box."""
    return re.sub(r"\s", "", "".join(c for c in printable(text) if face("bold").has(c)))


@pytest.mark.parametrize("paper", ["honour", "poster", "record"])
@pytest.mark.parametrize("text", WRITTEN)
def test_it_is_drawn_and_copied_as_written(paper: str, text: str) -> None:
    sheet = papers(text)[paper]
    assert drawn(text) in re.sub(r"\s", "", "".join(words.text for words in sheet.words))
    assert drawn(text) in pdf_text(pdf.paint([sheet], title=text, made_at=MADE_AT))


@pytest.mark.parametrize("paper", ["honour", "poster", "record"])
@pytest.mark.parametrize("text", [*WRITTEN, *LONG])
def test_nothing_runs_off_the_paper(paper: str, text: str) -> None:
    sheet = papers(text)[paper]
    for words in sheet.words:
        style = words.style
        right = words.x + width_of(words.text, style.size, style.weight, style.tracking)
        assert words.x >= EDGE, words.text
        assert right <= sheet.width - EDGE, words.text
        assert words.y - style.size >= EDGE
        assert words.y <= sheet.height - EDGE
    for shape in sheet.shapes:
        assert all(0 <= x <= sheet.width and 0 <= y <= sheet.height for x, y in shape.points)


@pytest.mark.parametrize("paper", ["honour", "poster", "record"])
@pytest.mark.parametrize("text", [LONG[0], LONG[3], WRITTEN[0]])
def test_the_code_beside_it_still_reads(paper: str, text: str) -> None:
    sheet = papers(text)[paper]
    url = poster().url if paper == "poster" else VERIFY
    assert scanned(picture(png.paint(sheet))) == [url]
    [page] = pdf_pages(pdf.paint([sheet], title=text, made_at=MADE_AT))
    assert scanned(page) == [url]
