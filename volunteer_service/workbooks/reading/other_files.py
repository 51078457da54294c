"""Recognises a file that is no list, by its first bytes and by the members of its zip.

The sentence that refuses it says what to do with a file of that kind.
"""

import zipfile
from pathlib import Path

from volunteer_service.errors import Phrase
from volunteer_service.workbooks.refusals import NotAWorkbook

_UNPACK = Phrase("这是压缩包。请先解压，再上传里面的表格。")
_SAVE_AS = Phrase("请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。")
_EXPORT = Phrase("这是苹果 Numbers 的文件。请在 Numbers 里“导出为 Excel”后重试。")
_NO_TABLE = Phrase(
    "这是图片、PDF、Word 或演示文稿，不是表格。请向对方要原来的 Excel 表，或把内容抄进样表后重试。"
)
_EMPTY = Phrase("这是空文件，可能没有保存好或没有传完。请在电脑上打开看过后重试。")
_CUT_OFF = Phrase("文件不完整，可能下载或传送时断了。请重新下载，或请对方再发一份后重试。")
_LEFT_BY_EXCEL = Phrase(
    "这是 Excel 打开表格时留下的临时文件（以 ~$ 开头）。请关掉 Excel，改选同名的那个表格后重试。"
)
_CODING = Phrase(
    "里面的文字有读不出的编码。请用 Excel 或 WPS 打开，看过没有乱码，另存为 .xlsx 后重试。"
)
_TEXT = (".csv", ".tsv", ".txt")
_OTHERWISE = Phrase("请用 Excel 打开，另存为不加密码的 .xlsx 后重试。")

_BY_NAME = {
    **dict.fromkeys(("zip", "rar", "7z", "gz", "tar"), _UNPACK),
    **dict.fromkeys(("xlsb", "ods", "fods", "xlt", "xltx", "ett", "dbf"), _SAVE_AS),
    "numbers": _EXPORT,
    **dict.fromkeys(
        (
            *("pdf", "ofd", "doc", "docx", "wps", "rtf", "ppt", "pptx", "dps"),
            *("jpg", "jpeg", "png", "gif", "bmp", "webp", "heic", "tif", "tiff"),
        ),
        _NO_TABLE,
    ),
}
_BY_FIRST_BYTES = (
    (b"%PDF", _NO_TABLE),
    (b"\x89PNG", _NO_TABLE),
    (b"\xff\xd8\xff", _NO_TABLE),
    (b"GIF8", _NO_TABLE),
    (b"RIFF", _NO_TABLE),
    (b"{\\rtf", _NO_TABLE),
    (b"Rar!", _UNPACK),
    (b"7z\xbc\xaf", _UNPACK),
    (b"\x1f\x8b", _UNPACK),
)
#: The first member of a zip with such a beginning or end shows what it is.
_BY_MEMBER = (
    (("word/", "ppt/", "ofd.xml"), (), _NO_TABLE),
    (("xl/workbook.bin", "content.xml"), (), _SAVE_AS),
    ((), (".iwa", ".numbers"), _EXPORT),
    ((), (".xlsx", ".xls", ".et", ".csv", ".txt"), _UNPACK),
)
_LEFT_BEHIND = ("~$", ".~")
#: The stream of Word's text in a file of Office 97, and the bytes that are searched for its name.
_WORD_97, _LOOKED_AT = "WordDocument".encode("utf-16-le"), 1024 * 1024


def refusal(path: Path) -> NotAWorkbook:
    """Return the refusal of a file that is no list, with the cure for its kind."""
    return NotAWorkbook(file=path.name, cure=_cure(path))


def refusal_by_name(name: str) -> NotAWorkbook:
    """Return the refusal of a file whose name no list has, before any of it is uploaded."""
    ending = name.rpartition(".")[2].lower()
    return NotAWorkbook(file=name, cure=_BY_NAME.get(ending, _OTHERWISE))


def _cure(path: Path) -> Phrase:
    with path.open("rb") as file:
        first = file.read(_LOOKED_AT)
    if not first:
        return _EMPTY
    if path.name.startswith(_LEFT_BEHIND):
        return _LEFT_BY_EXCEL
    if first.startswith(b"PK"):
        return _of_zip(path)
    if _WORD_97 in first:
        return _NO_TABLE
    found = (cure for begin, cure in _BY_FIRST_BYTES if first.startswith(begin))
    return next(found, _CODING if path.name.lower().endswith(_TEXT) else _OTHERWISE)


def _of_zip(path: Path) -> Phrase:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError):
        return _CUT_OFF
    if "xl/workbook.xml" in names:
        return _OTHERWISE
    for begins, ends, cure in _BY_MEMBER:
        if any(name.startswith(begins) or name.endswith(ends) for name in names):
            return cure
    return _OTHERWISE
