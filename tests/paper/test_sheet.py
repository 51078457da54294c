from datetime import UTC, datetime

import hypothesis.strategies as st
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings

from tests.paper.papers import RARE
from volunteer_service.paper import faces, pdf, png
from volunteer_service.paper.faces import FontMissing, face, printable
from volunteer_service.paper.sheet import Sheet, Style
from volunteer_service.paper.wrap import clip, width_of, wrap

BODY = Style(5)
# Half a nanometre: sums of widths in another order differ in the last digit.
SLACK = 5e-7


def test_text_stands_where_it_is_aligned() -> None:
    sheet = Sheet(210, 297)
    for align, left in (("left", 100), ("centre", 95), ("right", 90)):
        sheet.text(100, 50, "志愿", BODY, align=align)
        assert sheet.words[-1].x == pytest.approx(left)


def test_a_long_name_shrinks_to_its_room() -> None:
    sheet = Sheet(210, 297)
    sheet.text(10, 50, "阿卜杜热合曼·买买提艾力", Style(12, "bold", tracking=2), room=80)
    words = sheet.words[0]
    style = words.style
    assert style.size < 12
    width = width_of(words.text, style.size, style.weight, style.tracking)
    assert width == pytest.approx(80)


def test_a_short_name_keeps_its_size() -> None:
    sheet = Sheet(210, 297)
    sheet.text(10, 50, "赵芳", Style(12, "bold"), room=80)
    assert sheet.words[0].style.size == 12


def test_chinese_breaks_anywhere_but_before_a_full_stop() -> None:
    assert wrap("志愿服务队员。", 10, "regular", 40) == ["志愿服务", "队员。"]
    assert wrap("志愿服务。", 10, "regular", 40) == ["志愿服", "务。"]


def test_an_opening_quote_never_ends_a_line() -> None:
    assert wrap("参加了「清洁家园」", 10, "regular", 40) == ["参加了", "「清洁家", "园」"]


def test_a_latin_word_stays_whole() -> None:
    lines = wrap("编号 RY-2026-000123 的证书", 5, "regular", 45)
    assert any("RY-2026-000123" in line for line in lines)


def test_too_many_lines_end_in_an_ellipsis() -> None:
    sheet = Sheet(210, 297)
    below = sheet.paragraph(10, 50, "志愿服务" * 20, BODY, room=50, leading=7, most=2)
    assert [words.text for words in sheet.words] == ["志愿服务志愿服务志愿", "服务志愿服务志愿服…"]
    assert below == pytest.approx(64)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.floats(min_value=12, max_value=120))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost(text: str, room: float) -> None:
    text = printable(text)
    lines = wrap(text, 5, "regular", room)
    assert all(width_of(line, 5, "regular") <= room + SLACK for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40))
def test_a_clipped_text_fits(text: str) -> None:
    assert width_of(clip(printable(text), 5, "regular", 40), 5, "regular") <= 40 + SLACK


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_rare_characters_are_in_both_weights(weight: faces.Weight) -> None:
    assert [char for char in RARE if not face(weight).has(char)] == []


def test_a_character_no_font_has_is_a_visible_box() -> None:
    sheet = Sheet(210, 297)
    sheet.text(10, 50, "王\ue000国", BODY)
    assert [(words.text, words.x) for words in sheet.words] == [
        ("王", 10),
        ("国", pytest.approx(20)),
    ]
    assert [shape.fill for shape in sheet.shapes] == [BODY.colour] * 4
    assert all(15 <= x <= 20 for shape in sheet.shapes for x, _ in shape.points)


def test_what_the_first_font_lacks_is_drawn_by_the_second() -> None:
    sheet = Sheet(210, 297)
    sheet.text(10, 50, "王𠀡国", BODY)
    assert [(words.text, words.x, words.is_second) for words in sheet.words] == [
        ("王", 10, False),
        ("𠀡", pytest.approx(15), True),
        ("国", pytest.approx(20), False),
    ]
    assert sheet.shapes == []
    assert faces.undrawn("王𠀡国") == ""
    other, empty = Sheet(210, 297), Sheet(210, 297)
    for each, text in ((other, "王𠀢国"), (empty, "王　国")):
        each.text(10, 50, text, BODY)
    assert len({png.paint(each) for each in (sheet, other, empty)}) == 3
    written = pdf.paint([sheet], title="x", made_at=datetime(2026, 7, 1, tzinfo=UTC))
    with pdfium.PdfDocument(written) as document:
        assert document[0].get_textpage().get_text_range().strip() == "王𠀡国"


def test_invisible_characters_are_left_out() -> None:
    assert printable("王\u200b建\ufe0f国\x00\U000e0101\n队") == "王建国 队"


def test_a_missing_font_says_how_to_get_it(
    tmp_path: faces.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces, "FOLDER", tmp_path)
    with pytest.raises(FontMissing, match="run `make setup`"):
        faces._parsed.__wrapped__(faces.FILES["bold"])


def test_what_no_font_draws_is_told() -> None:
    assert faces.undrawn("王建国·Wang") == ""
    assert faces.undrawn(RARE) == ""
    assert faces.undrawn("许𬎆한한ئ") == "𬎆한ئ"


def test_what_is_told_opens_no_font() -> None:
    asked = faces._parsed.cache_info()
    assert faces.undrawn("许𬎆𱿿한ئ龦") == "𬎆𱿿한ئ"
    assert faces._parsed.cache_info() == asked


def test_the_table_of_drawn_characters_is_what_the_fonts_draw() -> None:
    first = [faces.face(weight) for weight in faces.FILES]
    second = [faces.face(weight, is_second=True) for weight in faces.FILES]
    drawn = {
        code
        for code in range(0x20, 0x32000)
        if any(all(font.has(chr(code)) for font in fonts) for fonts in (first, second))
    }
    assert {code for code in range(0x20, 0x32000) if faces._drawn(code)} == drawn


def test_a_missing_table_says_how_to_get_it(
    tmp_path: faces.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces, "FOLDER", tmp_path)
    with pytest.raises(FontMissing, match="run `make setup`"):
        faces._runs.__wrapped__()


def test_the_fonts_draw_all_that_is_not_asked() -> None:
    sure = [chr(code) for code in range(0x20, 0x10000) if faces.SURE.fullmatch(chr(code))]
    assert len(sure) > 20_000
    for weight in faces.FILES:
        assert [char for char in sure if not face(weight).has(char)] == []
