"""The star as a picture for a phone: its size, and that everything on it is read."""

import io

import pytest
from PIL import Image

from tests.paper import papers
from volunteer_service.paper import honour_phone, png


@pytest.mark.parametrize(
    "name", ["赵芳", "阿卜杜热合曼·买买提艾力", "Wolfeschlegelsteinhausen " * 2]
)
@pytest.mark.parametrize("issuer", ["市西街道", "蓬莱市登州街道办事处新时代文明实践所志愿服务总队"])
def test_nothing_is_too_small_to_read(name: str, issuer: str) -> None:
    sheet = honour_phone.phone_sheet(papers.honour(name=name, issuer=issuer))
    assert min(words.style.size for words in sheet.words) >= honour_phone.LEAST
    drawn = "".join(words.text for words in sheet.words).replace(" ", "")
    assert name.replace(" ", "") in drawn
    assert issuer in drawn
    (code,) = sheet.codes
    assert code.side / len(code.matrix) >= 0.5
    for words in sheet.words:
        assert 4 <= words.x <= honour_phone.WIDTH - 4
        assert words.y <= honour_phone.HEIGHT - 4


def test_the_picture_is_as_large_as_it_says() -> None:
    sheet = honour_phone.phone_sheet(papers.honour())
    with Image.open(io.BytesIO(png.paint(sheet, honour_phone.DPI))) as picture:
        assert picture.size == (1080, 1440)
