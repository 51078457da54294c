"""Looking at a .xlsx from outside, before any of its XML is read.

A workbook comes from a stranger's memory stick. Everything here is decided from the zip
directory; Python's ``zipfile`` never hands out more bytes than the directory states, so the
limits hold even where the directory lies.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from .problems import NotAWorkbook, WorkbookNotPlain, WorkbookTooBig

_MEGABYTE = 1024 * 1024
#: A few kilobytes may well unpack a hundredfold (styles); only beyond this is the ratio asked.
_RATIO_FROM = 20 * _MEGABYTE
_NOT_PLAIN = {
    "xl/vbaproject": "宏",
    "xl/externallinks/": "指向其他文件的链接",
    "xl/embeddings/": "嵌入的对象",
    "xl/activex/": "嵌入的控件",
    "xl/connections": "外部数据连接",
}


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


@dataclass(frozen=True)
class Look:
    """What the zip directory told; formulas decide how the sheets are read."""

    has_formulas: bool


def look(path: Path, limits: Limits) -> Look:
    """Refuse a file that is no workbook, too big, a zip bomb, or carries more than cells."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        _too_big(path, f"文件超过 {limits.file_bytes // _MEGABYTE} MB")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(path, members, size, limits)
            return Look(any(_mentions_formula(archive, member) for member in members))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as broken:
        raise NotAWorkbook(file=path.name) from broken


def _check_members(path: Path, members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    names = [member.filename.lower() for member in members]
    if "xl/workbook.xml" not in names:
        raise NotAWorkbook(file=path.name)
    if len(members) > limits.members:
        _too_big(path, f"内部文件超过 {limits.members} 个")
    unzipped = sum(member.file_size for member in members)
    if unzipped > limits.unzipped_bytes:
        _too_big(path, f"展开后超过 {limits.unzipped_bytes // _MEGABYTE} MB")
    if unzipped > _RATIO_FROM and unzipped > limits.ratio * size:
        _too_big(path, f"展开后是文件的 {limits.ratio} 倍以上")
    for start, what in _NOT_PLAIN.items():
        if any(name.startswith(start) for name in names):
            raise WorkbookNotPlain(file=path.name, what=what)


def _mentions_formula(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    if not member.filename.lower().startswith("xl/worksheets/"):
        return False
    tail = b""
    with archive.open(member) as xml:
        while chunk := xml.read(_MEGABYTE):
            if b"<f>" in tail + chunk or b"<f " in tail + chunk:
                return True
            tail = chunk[-2:]
    return False


def _too_big(path: Path, what: str) -> None:
    raise WorkbookTooBig(file=path.name, what=what)
