"""The papers of the story: 𬱖建国's certificate, record and poster, and reading papers back."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image

from volunteer_service.paper.honour import Honour
from volunteer_service.paper.poster import Poster
from volunteer_service.paper.service_record import Line, ServiceRecord

MADE_AT = datetime(2026, 7, 15, 1, 0, tzinfo=UTC)
VERIFY = "https://volunteer.example.org/v/7K3M9QXW2"
RARE = "𬱖䶮𠅤㛃𫖯"


def honour(**changes: Any) -> Honour:
    facts: dict[str, Any] = {
        "name": "𬱖建国",
        "stars": 4,
        "begins_on": date(2026, 1, 1),
        "ends_on": date(2026, 6, 30),
        "minutes": 4362,
        "rule": "星级志愿者评定办法",
        "policy_version": 1,
        "issuer": "文华街道社会工作办公室",
        "number": "RY-2026-000123-7",
        "issued_on": date(2026, 7, 15),
        "verify_url": VERIFY,
    }
    return Honour(**facts | changes)


def poster(**changes: Any) -> Poster:
    facts: dict[str, Any] = {
        "event": "清洁家园周末行动",
        "team": "庆丰社区护学志愿服务队",
        "place": "庆丰社区中心广场",
        "begins_at": datetime(2026, 7, 4, 0, 30, tzinfo=UTC),
        "ends_at": datetime(2026, 7, 4, 3, 0, tzinfo=UTC),
        "url": "https://volunteer.example.org/c/7K3M9QXW2",
        "short_code": "7K3M-9QXW",
        "typed_at": "https://volunteer.example.org/c",
    }
    return Poster(**facts | changes)


def record(lines: int = 3) -> ServiceRecord:
    return ServiceRecord(
        name="𬱖建国",
        masked_id="110101********1234",
        volunteer_no="V-00012-7",
        begins_on=date(2026, 1, 1),
        ends_on=date(2026, 6, 30),
        minutes=90 * lines,
        lines=[
            Line(
                on=date(2026, 1, 1) + timedelta(days=i),
                activity=f"护学岗第{i + 1}次",
                place="庆丰小学",
                unit="庆丰社区居民委员会",
                minutes=90,
            )
            for i in range(lines)
        ],
        unit="庆丰社区居民委员会",
        number="ZM-2026-000123-7",
        issued_on=date(2026, 7, 15),
        verify_url=VERIFY,
    )


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def scanned(image: Image.Image) -> list[str]:
    """What a phone reads from the picture."""
    return [code.text for code in zxingcpp.read_barcodes(image)]


def unicode_maps(pdf: bytes) -> str:
    """The tables that map the glyphs of the PDF to characters, in one."""
    return b"".join(re.findall(rb"begincmap.*?endcmap", pdf, re.DOTALL)).decode()


def pdf_text(pdf: bytes) -> str:
    """The text a reader copies out of the PDF, white space left out."""
    with pypdfium2.PdfDocument(pdf) as document:
        found = "".join(page.get_textpage().get_text_bounded() for page in document)
    return re.sub(r"\s", "", found)


def pdf_pages(pdf: bytes, dpi: int = 100) -> list[Image.Image]:
    """The pages as a printer would paint them."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
