"""Checks a .xlsx from outside, before any of its XML is read.

A workbook may come from a stranger's memory stick. Everything here is decided from the zip
directory; Python's ``zipfile`` never hands out more bytes than the directory states, so the limits
hold even where the directory lies.
"""

import struct
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from volunteer_service.errors import Phrase
from volunteer_service.workbooks.reading import other_files
from volunteer_service.workbooks.refusals import (
    WorkbookNotPlain,
    WorkbookSwollen,
    WorkbookTooBig,
    WorkbookTooManyParts,
)

_MEGABYTE = 1024 * 1024
#: Bytes above which the ratio counts, because a few kilobytes (styles) may unpack a hundredfold.
_RATIO_FROM = 20 * _MEGABYTE
_PASTE = Phrase("请新建一个工作簿，把名单用“选择性粘贴”只粘贴数值，保存后重试。")
#: What a workbook may contain beside cells, in words, and how to remove it.
_MACROS = Phrase("宏"), Phrase("请另存为不带宏的“Excel 工作簿 (.xlsx)”后重试。")
_NOT_PLAIN = {
    "xl/vbaproject": _MACROS,
    "xl/externallinks/": (
        Phrase("指向其他文件的链接"),
        Phrase("请在 Excel 的“数据”里点“编辑链接”，全部“断开链接”，保存后重试。"),
    ),
    "xl/embeddings/": (Phrase("嵌入的对象"), _PASTE),
    "xl/activex/": (Phrase("嵌入的控件"), _PASTE),
    "xl/connections": (
        Phrase("外部数据连接"),
        Phrase("请在 Excel 的“数据”里点“查询和连接”，全部删除，保存后重试。"),
    ),
}
#: What Python's ``zipfile`` raises for a file that is no zip, is truncated, or needs a password.
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, OSError, EOFError)


@dataclass(frozen=True)
class Limits:
    """How much one workbook may hold; sized for a district (ten times a street)."""

    file_bytes: int = 50 * _MEGABYTE
    unzipped_bytes: int = 500 * _MEGABYTE
    ratio: int = 150
    members: int = 1000
    rows: int = 400_000
    columns: int = 64
    cell_length: int = 2000
    sheets: int = 40
    #: Different texts; 8 bytes of memory each.
    strings: int = 4_000_000
    #: Bytes of a file of Excel 2003, of which one sheet is in memory.
    xls_bytes: int = 15 * _MEGABYTE
    #: Merged areas of one sheet; 8 bytes of memory each.
    merged: int = 400_000


def check(path: Path, limits: Limits) -> None:
    """Refuse a file that is no workbook, too big, a zip bomb, or contains more than cells."""
    size = check_size(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive.infolist(), size, limits)
    except BROKEN as broken:
        raise other_files.refusal(path) from broken


def check_size(path: Path, limits: Limits) -> int:
    """Return the bytes of the file; refuse one that is too big."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        _too_big(path, Phrase("文件超过 %(most)s MB", most=limits.file_bytes // _MEGABYTE))
    return size


def _check_members(path: Path, members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    names = [member.filename.lower() for member in members]
    packed = {member.compress_type for member in members}
    if not _has_sheets(names) or not packed <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise other_files.refusal(path)
    if len(members) > limits.members:
        raise WorkbookTooManyParts(file=path.name, most=limits.members)
    unzipped = sum(member.file_size for member in members)
    if unzipped > limits.unzipped_bytes:
        _too_big(
            path, Phrase("里面的内容超过 %(most)s MB", most=limits.unzipped_bytes // _MEGABYTE)
        )
    if unzipped > _RATIO_FROM and unzipped > limits.ratio * size:
        raise WorkbookSwollen(file=path.name, times=limits.ratio)
    for start, what in _NOT_PLAIN.items():
        if any(name.startswith(start) for name in names):
            raise not_plain(path, *what)


def _has_sheets(names: Collection[str]) -> bool:
    """Tell whether a zip holds a workbook of XML; some programs name its first part differently."""
    if "xl/workbook.xml" in names:
        return True
    sheets = (name.startswith("xl/worksheets/") and name.endswith(".xml") for name in names)
    return "_rels/.rels" in names and any(sheets)


def not_plain(path: Path, what: Phrase = _MACROS[0], cure: Phrase = _MACROS[1]) -> WorkbookNotPlain:
    """Return the refusal of a file that contains more than cells, by default macros."""
    return WorkbookNotPlain(file=path.name, what=what, cure=cure)


def _too_big(path: Path, what: Phrase) -> None:
    raise WorkbookTooBig(file=path.name, what=what)
