"""A whole file that cannot be read; a single bad row is a :class:`rows.RefusedRow` instead."""

from volunteer_service.errors import Refused


class NotAWorkbook(Refused):
    """The file is no .xlsx: an old .xls, a password, a picture, a broken download."""

    message = "“%(file)s”不是可以读取的 .xlsx 工作簿。请另存为不加密码的 .xlsx 后重试。"


class WorkbookTooBig(Refused):
    """Past a limit of :class:`archive.Limits`; ``what`` names it with its number."""

    status = 413
    message = "“%(file)s”太大：%(what)s。请拆成几个工作簿分别导入。"


class WorkbookSwollen(Refused):
    """Packed so tightly that it is rather a trap than a list, or padded with formats."""

    status = 413
    message = "“%(file)s”展开后是文件的 %(times)s 倍以上。请把名单复制到新的工作簿后重试。"


class TooManyColumns(Refused):
    """A cell stands further to the right than any list reaches."""

    message = "“%(file)s”第 %(row)s 行超过 %(most)s 列。请删去右边多余的列后重试。"


class CellTooLong(Refused):
    """A cell holds more than any column of a list does."""

    message = "“%(file)s”第 %(row)s 行有超过 %(most)s 字的单元格。请缩短后重试。"


class WorkbookNotPlain(Refused):
    """Holds macros, links to other files or embedded objects, which a list never needs."""

    message = "“%(file)s”含有%(what)s。为了安全，请另存为不含这些内容的 .xlsx 后重试。"


class NoKnownSheet(Refused):
    """No sheet has the column headers of one of the five kinds."""

    message = "“%(file)s”里没有认得出的表头。%(why)s"
