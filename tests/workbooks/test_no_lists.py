"""A file that is no list says which kind it is and what to do with it."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.workbooks import town
from tests.workbooks.test_odd_files import STREET, with_street
from volunteer_service.errors import Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packed(*members: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for member in members:
                archive.writestr(member, "x")

    return write


#: A file that is no list: its name, what is in it, and a piece of the cure.
NO_LISTS: list[tuple[str, bytes | Callable[[Path], None], str]] = [
    ("名单.xlsb", b"PK", "另存为 .xlsx"),
    ("名单.ods", b"PK", "另存为 .xlsx"),
    ("名单.numbers", b"PK", "导出为 Excel"),
    ("名单.zip", b"PK", "解压"),
    ("名单.rar", b"Rar!", "解压"),
    ("名单.pdf", b"%PDF", "抄进样表"),
    ("名单.docx", b"PK", "抄进样表"),
    ("名单.jpg", b"\xff\xd8\xff", "抄进样表"),
    ("改名.xlsx", packed("xl/workbook.bin"), "另存为 .xlsx"),
    ("改名.xlsx", packed("mimetype", "content.xml"), "另存为 .xlsx"),
    ("改名.xlsx", packed("Index/Document.iwa"), "导出为 Excel"),
    ("改名.xlsx", packed("word/document.xml"), "抄进样表"),
    ("改名.xlsx", packed("花名册.xlsx", "记录.xls"), "解压"),
    ("改名.xlsx", packed("别的"), "另存为不加密码的 .xlsx"),
    ("改名.xls", b"Rar!\x1a\x07\x01\x00", "解压"),
    ("改名.xls", b"%PDF-1.7\n" + bytes(range(128)), "抄进样表"),
    ("改名.xls", OLE + bytes(600) + "WordDocument".encode("utf-16-le"), "抄进样表"),
    ("改名.csv", b"\xff\xd8\xff\xe0" + bytes(99), "抄进样表"),
]


@pytest.mark.parametrize(("name", "content", "cure"), NO_LISTS)
def test_what_is_no_list_says_what_to_do_with_it(
    session: None, tmp_path: Path, name: str, content: bytes | Callable[[Path], None], cure: str
) -> None:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)

    with pytest.raises(Refused) as refusal:
        town.previewed([path], sub_district=STREET)

    assert refusal.value.code() == "not_a_workbook"
    assert f"“{name}”" in str(refusal.value)
    assert cure in str(refusal.value)


@pytest.mark.parametrize(
    ("member", "cure"),
    [
        ("xl/externalLinks/externalLink1.xml", "断开链接"),
        ("xl/connections.xml", "查询和连接"),
        ("xl/embeddings/oleObject1.bin", "选择性粘贴"),
        ("xl/activeX/activeX1.xml", "选择性粘贴"),
        ("xl/vbaProject.bin", "Excel 工作簿 (.xlsx)"),
    ],
)
def test_what_goes_beyond_cells_says_how_it_is_removed(
    session: None, tmp_path: Path, member: str, cure: str
) -> None:
    book, path = Workbook(), tmp_path / "a.xlsx"
    with_street(book)
    book.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(member, "x")

    with pytest.raises(Refused, match="为了安全") as refusal:
        town.previewed([path], sub_district=STREET)

    assert (refusal.value.code(), cure in str(refusal.value)) == ("workbook_not_plain", True)


def test_a_page_saved_by_a_browser_is_a_web_page(session: None, tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    path.write_bytes(b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>")

    with pytest.raises(Refused) as refusal:
        town.previewed([path], sub_district=STREET)

    assert refusal.value.code() == "web_page_as_workbook"
