from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.paper.papers import (
    MADE_AT,
    RARE,
    VERIFY,
    honour,
    pdf_pages,
    pdf_text,
    picture,
    poster,
    record,
    scanned,
    unicode_maps,
)
from volunteer_service.paper import pdf, png
from volunteer_service.paper.honour import honour_sheet
from volunteer_service.paper.poster import poster_sheet
from volunteer_service.paper.service_record import service_record_sheets
from volunteer_service.paper.sheet import Sheet

SHEETS = {
    "honour": lambda: [honour_sheet(honour())],
    "record": lambda: service_record_sheets(record()),
    "poster": lambda: [poster_sheet(poster())],
}


def painted(sheets: list[Sheet]) -> bytes:
    return pdf.paint(sheets, title="纸", made_at=MADE_AT)


def said(sheet: Sheet) -> str:
    return "".join(words.text for words in sheet.words)


def test_the_honour_certificate_names_all_it_must() -> None:
    text = said(honour_sheet(honour()))
    for fact in (
        *("荣誉证书", "𬱖建国", "四星级志愿者", "2026年上半年", "72.7小时"),
        *("星级志愿者评定办法（第1版）", "文华街道社会工作办公室", "RY-2026-000123-7"),
        *("2026年7月15日", VERIFY),
    ):
        assert fact in text


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_a_certificate_shows_as_many_stars_as_earned(stars: int) -> None:
    bare = len(honour_sheet(honour(stars=1)).shapes)
    # A star is its outline and five facets.
    assert len(honour_sheet(honour(stars=stars)).shapes) - bare == 6 * (stars - 1)


def test_the_second_half_year_is_worded_so() -> None:
    sheet = honour_sheet(honour(begins_on=datetime(2026, 7, 1, tzinfo=UTC).date(), minutes=605))
    assert "2026年下半年志愿服务星级评定中，累计服务10小时5分钟" in said(sheet)


@pytest.mark.parametrize("paper", SHEETS)
def test_a_phone_reads_the_code_of_the_picture(paper: str) -> None:
    [code] = scanned(picture(png.paint(SHEETS[paper]()[0])))
    assert code == (poster().url if paper == "poster" else VERIFY)


@pytest.mark.parametrize("paper", SHEETS)
def test_a_phone_reads_the_code_of_the_printed_pdf(paper: str) -> None:
    [page] = pdf_pages(painted(SHEETS[paper]()))
    [code] = scanned(page)
    assert code == (poster().url if paper == "poster" else VERIFY)


@pytest.mark.parametrize("paper", SHEETS)
def test_picture_and_pdf_look_the_same(paper: str) -> None:
    sheets = SHEETS[paper]()
    drawn = picture(png.paint(sheets[0], 100)).convert("L").reduce(20)
    [page] = pdf_pages(painted(sheets))
    printed = page.convert("L").resize(picture(png.paint(sheets[0], 100)).size).reduce(20)
    pairs = zip(drawn.tobytes(), printed.tobytes(), strict=True)
    # A code is fitted to whole pixels in the picture alone: its edge squares may differ.
    far = sum(abs(one - other) > 48 for one, other in pairs)
    assert far <= drawn.width * drawn.height / 50


@pytest.mark.parametrize("paper", SHEETS)
def test_the_pdf_text_is_the_text_of_the_sheet(paper: str) -> None:
    sheets = SHEETS[paper]()
    text = pdf_text(painted(sheets))
    missing = [
        words.text
        for sheet in sheets
        for words in sheet.words
        if words.text.replace(" ", "") not in text
    ]
    assert missing == []


def test_rare_names_can_be_copied_out_of_the_pdf() -> None:
    assert RARE in pdf_text(painted([honour_sheet(honour(name=RARE))]))


def test_rare_names_are_mapped_to_unicode_in_the_pdf() -> None:
    maps = unicode_maps(painted([honour_sheet(honour(name=RARE))])).upper()
    assert [
        char for char in RARE if f"<{char.encode('utf-16-be').hex().upper()}>" not in maps
    ] == []


@pytest.mark.parametrize("char", RARE)
def test_a_rare_character_is_drawn_and_not_as_a_box(char: str) -> None:
    drawn, other, unknown = (
        png.paint(honour_sheet(honour(name=name)), 75) for name in (char, "国", "\ue000")
    )
    assert drawn not in (other, unknown)


@pytest.mark.parametrize("name", ["", "😀", "\ue000\ud800", "长" * 120, "O'Brien-Ünal", "م"])
def test_no_name_breaks_a_paper(name: str) -> None:
    sheet = honour_sheet(honour(name=name))
    assert png.paint(sheet, 50).startswith(b"\x89PNG")
    assert painted([sheet]).startswith(b"%PDF")


def test_the_same_paper_is_the_same_bytes() -> None:
    one, other = (painted([honour_sheet(honour())]) for _ in range(2))
    assert one == other


def test_papers_painted_at_once_are_each_whole() -> None:
    names = [f"{char}建国" for char in "王李张刘陈杨赵黄周吴徐孙"]

    def paint(name: str) -> tuple[bytes, bytes]:
        sheet = honour_sheet(honour(name=name))
        return painted([sheet]), png.paint(sheet, 50)

    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(paint, names))
    assert together == [paint(name) for name in names]


def test_a_pdf_embeds_only_what_it_uses() -> None:
    assert len(painted([honour_sheet(honour())])) < 120_000


@pytest.mark.parametrize(("dpi", "size"), [(150, (1754, 1240)), (300, (3508, 2480))])
def test_a_picture_has_the_size_and_states_its_dots(dpi: int, size: tuple[int, int]) -> None:
    packed = png.paint(honour_sheet(honour()), dpi)
    assert picture(packed).size == size
    # pHYs counts dots a metre.
    assert round(dpi / 0.0254).to_bytes(4, "big") in packed[:200]


def test_a_record_names_all_it_must() -> None:
    [sheet] = service_record_sheets(record())
    for fact in (
        *("志愿服务记录证明", "𬱖建国", "110101********1234", "4.5小时", "3次"),
        *("护学岗第1次", "庆丰小学", "2026-01-03", "1.5小时", "庆丰社区居民委员会"),
        *("ZM-2026-000123-7", "第1页，共1页", VERIFY),
    ):
        assert fact in said(sheet)


@pytest.mark.parametrize("lines", [0, 1, 12, 13, 14, 17, 18, 19, 40, 100, 301])
def test_every_record_is_listed_once_and_nothing_runs_off_the_page(lines: int) -> None:
    sheets = service_record_sheets(record(lines))
    listed = [word.text for page in sheets for word in page.words if "护学岗" in word.text]
    assert listed == [f"护学岗第{i + 1}次" for i in range(lines)]
    assert sum("本单位保存的志愿服务记录一致" in said(page) for page in sheets) == 1
    for page in sheets:
        body = [word.y for word in page.words if word.y < 279]
        assert max(body) <= 272
        assert f"共{len(sheets)}页" in said(page)


def test_each_record_says_its_seven_fields_and_none_is_cut() -> None:
    long = "在学校门口护送学生过马路，提醒车辆慢行，并向家长发放交通安全宣传单，活动后清理路面"
    facts = {"content": long, "organiser": "庆丰社区志愿服务队", "leader": "李梅"}
    lines = [replace(line, **facts) for line in record(130).lines]
    sheets = service_record_sheets(replace(record(130), lines=lines))
    text = "".join(said(page) for page in sheets)
    assert text.count(long) == 130
    for fact in (
        "护学岗第130次",
        "负责人：李梅",
        "组织：庆丰社区志愿服务队",
        "记录：庆丰社区居民委员会",
    ):
        assert fact in text
    assert "…" not in text
    assert max(word.y for page in sheets for word in page.words if word.y < 279) <= 272


def test_the_poster_says_when_in_local_time() -> None:
    text = said(poster_sheet(poster()))
    assert "2026年7月4日 周六 08:30 – 11:00" in text
    for fact in ("清洁家园周末行动", "庆丰社区中心广场", "7K3M-9QXW", "点“签到”", "点“签退”"):
        assert fact in text


def test_an_event_over_midnight_shows_both_days() -> None:
    ends = datetime(2026, 7, 4, 18, 0, tzinfo=UTC)
    assert "08:30 – 7月5日 02:00" in said(poster_sheet(poster(ends_at=ends)))


def test_the_poster_code_is_level_q_and_large() -> None:
    [code] = poster_sheet(poster()).codes
    assert 95 <= code.side <= 110


def test_a_very_long_event_name_takes_two_lines_and_stays_on_the_page() -> None:
    sheet = poster_sheet(poster(event="新时代文明实践志愿服务周末大行动" * 4))
    [first, second] = [words for words in sheet.words if "文明实践" in words.text]
    assert second.y > first.y
    assert second.text.endswith("…")


def test_the_poster_says_where_its_code_is_typed_and_promises_no_card() -> None:
    text = said(poster_sheet(poster()))
    assert "打开 https://volunteer.example.org/c 输入以上短码" in text
    assert "志愿者卡" not in text
    assert "card" not in text


def test_the_poster_says_where_one_meets() -> None:
    text = said(poster_sheet(poster(meeting_point="公园东门传达室旁")))
    assert "集合" in text
    assert "公园东门传达室旁" in text
    assert "集合" not in said(poster_sheet(poster()))
