"""Harmful files, or files that are not what their name says, each with its required refusal."""

import zipfile
from io import BytesIO

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
HEADER = ("礼品名称", "所需积分", "库存数量")
_XMLNS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
_ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
    '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
_OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


#: More rows than are looked at for a header.
_MANY = '<row><c t="inlineStr"><is><t>x</t></is></c><c><v>3</v></c><c><v>5</v></c></row>' * 40


def packed(members: dict[str, bytes] | None = None) -> bytes:
    """A list of gifts; ``members`` replaces or adds parts of the zip."""
    book, kept, out = Workbook(), BytesIO(), BytesIO()
    page = book.active
    assert page is not None
    page.append(HEADER)
    page.append(("香皂", 2, 200))
    book.save(kept)
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in (members or {}):
                new.writestr(name, old.read(name))
        for name, content in (members or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def sheet(rows: str, before: str = "", dimension: str = "A1:C2") -> bytes:
    """The part of a sheet with these rows under the header."""
    heads = "".join(f'<c t="inlineStr"><is><t>{head}</t></is></c>' for head in HEADER)
    return (
        f'{before}<worksheet {_XMLNS}><dimension ref="{dimension}"/>'
        f'<sheetData><row r="1">{heads}</row>{rows}</sheetData></worksheet>'
    ).encode()


def text(words: str) -> str:
    """A cell of text."""
    return f'<c t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'


def with_sheet(rows: str, before: str = "", dimension: str = "A1:C2") -> bytes:
    """A workbook with these rows."""
    return packed({SHEET: sheet(rows, before, dimension)})


def refused() -> dict[str, tuple[str, bytes, str]]:
    """By what it is: its name, its bytes, and the code of the refusal."""
    no, big = "not_a_workbook", "workbook_too_big"
    cell = text("x")
    return {
        "empty": ("空.xlsx", b"", no),
        "old xls": ("旧.xlsx", OLD_OFFICE, no),
        "password": (
            "加密.xlsx",
            OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"),
            "workbook_locked",
        ),
        "password of the zip": ("zip加密.xlsx", _as_encrypted(packed()), no),
        "cut off": ("断.xlsx", packed()[:-200], no),
        "bytes turned over": ("坏.xlsx", _turned_over(packed()), no),
        "named pdf": ("名单.pdf", packed(), no),
        "only commas": ("名单.csv", b",,\n", "no_known_sheet"),
        "web page": ("名单.xls", b"<html><table><tr><td>1", "web_page_as_workbook"),
        "quote without end": ("名单.csv", b'"' + b"a" * 200_000, no),
        "no name at all": ("....", packed(), no),
        "macros": ("宏.xlsx", packed({"xl/vbaProject.bin": b"x"}), "workbook_not_plain"),
        "dde": (
            "链接.xlsx",
            packed({"xl/externalLinks/externalLink1.xml": b"<ddeLink/>"}),
            "workbook_not_plain",
        ),
        "bomb": ("弹.xlsx", packed({SHEET: bytes(30 * 2**20)}), "workbook_swollen"),
        "oversize": ("大.xlsx", bytes(50 * 2**20 + 1), big),
        "many parts": (
            "碎.xlsx",
            packed({f"xl/p{n}.xml": b"" for n in range(1001)}),
            "workbook_too_many_parts",
        ),
        "many sheets": ("多表.xlsx", packed({"xl/workbook.xml": _sheets(3000)}), big),
        "row without end": ("长行.xlsx", with_sheet(f"{_MANY}<row>{'<c/>' * 20_000}</row>"), no),
        "last cell of Excel": (
            "角落.xlsx",
            with_sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
            "too_many_columns",
        ),
        "beyond the last row": ("越界.xlsx", with_sheet('<row r="1048577"><c/></row>'), no),
        "beyond the last column": ("越列.xlsx", with_sheet('<row><c r="XFE2"/></row>'), no),
        "cell of 32k": (
            "长格.xlsx",
            with_sheet(f"{_MANY}<row>{text('长' * 32_767)}</row>"),
            "cell_too_long",
        ),
        "entities": ("实体.xlsx", with_sheet(f"<row>{text('&c;')}</row>", _ENTITIES), no),
        "entity from a file": ("外部.xlsx", with_sheet(f"<row>{text('&a;')}</row>", _OUTSIDE), no),
        "entities in the book": (
            "实体二.xlsx",
            packed({"xl/workbook.xml": _ENTITIES.encode() + _sheets(1)}),
            no,
        ),
        "nested without end": ("深.xlsx", with_sheet("<a>" * 5000 + "</a>" * 5000), no),
        "tag without end": (
            "长标签.xlsx",
            with_sheet(f'{_MANY}<row x="{"y" * 2**21}">{cell}</row>'),
            no,
        ),
        "no such text": ("缺字.xlsx", with_sheet('<row><c t="s"><v>99</v></c></row>'), no),
        "control characters": ("控制.xlsx", with_sheet(f"<row>{text('&#0;&#7;')}</row>"), no),
        "no such sheet": (
            "缺表.xlsx",
            packed({"xl/workbook.xml": _sheets(1, "rId99")}),
            "no_known_sheet",
        ),
    }


def _sheets(count: int, key: str = "rId1") -> bytes:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheets = "".join(f'<sheet name="表{n}" sheetId="{n + 1}" r:id="{key}"/>' for n in range(count))
    return f'<workbook {_XMLNS} xmlns:r="{relations}"><sheets>{sheets}</sheets></workbook>'.encode()


def _as_encrypted(content: bytes) -> bytes:
    """Every member says that it wants a password."""
    marked = bytearray(content)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            marked[at + flags] |= 1
            at = content.find(signature, at + 4)
    return bytes(marked)


def _turned_over(content: bytes) -> bytes:
    """The packed bytes of the sheet are others; the zip's directory is whole."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        at = archive.getinfo(SHEET).header_offset + 30 + len(SHEET) + 20
    return content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + 40]) + content[at + 40 :]
