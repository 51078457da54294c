"""Why a whole import or a whole file is refused.

A single bad row refuses nothing: it becomes a ``RefusedRow`` (``judging/taken_or_refused.py``).
"""

from volunteer_service.errors import NotFound, Refused


class NoFiles(Refused):
    """The upload has no file."""

    message = "请选择要导入的文件：.xlsx、.xls、.csv 或 .txt。"

    @property
    def field(self) -> str:
        """Return the field of the upload."""
        return "files"


class TooManyFiles(Refused):
    """More files than one hand-in may have."""

    message = "一次最多导入 %(most)s 个文件。请分几次导入。"


class SubDistrictUnnamed(Refused):
    """Neither a title, a column nor the form names the sub-district."""

    message = "看不出是哪个街道的资料。请填写街道名称后重试。"

    @property
    def field(self) -> str:
        """Return the field that names it."""
        return "sub_district"


class SubDistrictNotYours(Refused):
    """The workbook names a sub-district in which this person may not import."""

    message = "您不能向“%(name)s”导入资料。请核对工作簿的标题或所填街道。"

    @property
    def field(self) -> str:
        """Return the field that names it."""
        return "sub_district"


class NoSuchSubDistrict(SubDistrictNotYours):
    """The workbook names an unknown sub-district, and this person may not create one."""

    message = (
        "还没有“%(name)s”。请核对工作簿的标题或所填街道；"
        "确实是新的街道，请管理所有街道的系统管理员先在“区域”页新建它。"
    )


class ImportNotReady(Refused):
    """The import is not in the state that this step needs; ``state`` is its state."""

    status = 409
    message = "这次导入的状态已变。请刷新后再看。"


class NothingTaken(Refused):
    """No sheet of the import is taken for a list, so there is nothing to import."""

    status = 409
    message = (
        "没有一张工作表认得出是哪种名单，所以没有可以导入的内容。"
        "请在网页的预览里说明各张表是什么，或按样表改好表头后再导入。"
    )


class NothingAccepted(Refused):
    """Sheets are taken for lists, but none of their rows may be taken; ``refused`` were refused."""

    status = 409
    message = (
        "没有一行可以导入：%(refused)s 行都退回了。"
        "请下载退回的行，照旁边的原因改好，再上传改好的文件。"
    )


class NothingInside(Refused):
    """Sheets are taken for lists and have nothing under their headers."""

    status = 409
    message = "表里只有表头，下面没有内容。请填上名单，保存后重新上传。"


class ImportNeedsSecond(Refused):
    """One person is not enough for this hand-in; ``reason`` says why, ``who`` names who may."""

    status = 409
    message = "这次导入须由另一个人审批：%(reason)s。请先提交审批。%(who)s"


class ImportChanged(Refused):
    """The import's result differs from the preview, because others changed the data meanwhile."""

    status = 409
    message = (
        "预览之后资料有变动，要导入的内容与当时显示的不同。什么都没有导入，请重新看一遍再决定。"
    )


class SheetNotThere(Refused):
    """The import has no sheet of this number, or the sheet cannot be read as a list."""

    message = "没有这张工作表，或表里没有内容。请刷新页面后再选。"


class SheetColumnsMissing(Refused):
    """The answer for a sheet does not name columns that its list needs."""

    message = (
        "要作为%(kind)s导入，还缺这些列：%(columns)s。"
        "请逐项选择您表里的列；表里没有的，先在 Excel 里补上。"
    )


class ProfileNotReadable(Refused):
    """A platform's profile cannot be used; ``what`` says what is wrong in it."""

    message = "这份平台格式不能用：%(what)s。请对照 docs/profiles.md 改好后重试。"


class ProfileNameTaken(Refused):
    """The street keeps another profile of this name."""

    field = "name"
    message = "已有这个名称的平台格式，请换一个名称。"


class ImportCrashed(Refused):
    """A fault of the program ended a step; it is in the log."""

    status = 500
    message = "处理时出错了，已记录，什么都没有改动。请重试；仍不行请联系管理员。"


class FilesGone(Refused):
    """The workbooks are no longer there: cleared after a week, or the folder was emptied."""

    status = 409
    message = "上传的文件已被清理。请重新上传。"


class FilesChanged(Refused):
    """A stored workbook is not what was uploaded: replaced, or damaged on disk."""

    status = 409
    message = "存放的“%(file)s”和上传时的内容不一样了，什么都没有导入。请重新上传这个文件。"


class UploadGone(NotFound):
    """There is no such upload of this account: dropped after a day, handed in, or never begun."""

    message = "没有这个上传。可能超过一天没有传完，或者已经交上去了。请重新选择文件上传。"


class UploadBusy(Refused):
    """Another piece of the same upload is being written."""

    status = 409
    message = "这个文件正在另一个窗口上传。请关掉其中一个，稍后再试。"


class UploadOffset(Refused):
    """The piece does not start where the upload ends, at ``have``."""

    status = 409
    message = "文件共 %(length)s 字节，已收到 %(have)s 字节。请从第 %(have)s 字节继续上传。"


class UploadPieceHarmed(Refused):
    """The piece does not match its checksum."""

    message = "这一段在路上损坏了。请重传这一段。"


class UploadUnfinished(Refused):
    """The upload is incomplete and cannot be handed in yet."""

    status = 409
    message = "“%(file)s”还没有传完。请等传完再提交。"


class UploadHarmed(Refused):
    """The whole upload does not match its announced checksum: the file was changed meanwhile."""

    message = "“%(file)s”与开始上传时不同，可能中途改过。请重新选择文件上传。"


class StorageFull(Refused):
    """The disk for uploads is full."""

    status = 507
    message = "服务器的磁盘满了，文件没有存下来，什么都没有改动。请联系系统管理员腾出空间后再上传。"


class ImportBuiltUpon(Refused):
    """Later data depends on imported data; ``what`` lists it with numbers."""

    status = 409
    message = "已有资料用到这次导入的内容，不能整体撤销：%(what)s。请逐条更正有误的内容。"


class ImportRated(ImportBuiltUpon):
    """A round that can still be reopened has frozen imported data."""

    message = (
        "%(area)s %(half_year)s 星级评定用到了这次导入的记录，不能整体撤销。"
        "请先在这一轮评定中点“退回重新冻结”，再来撤销。"
    )


class ImportRatedForGood(ImportBuiltUpon):
    """A published round contains imported data, so the import is corrected and not undone."""

    message = (
        "%(area)s %(half_year)s 星级评定已按这次导入的记录公示，不能整体撤销。"
        "请更正有误的服务记录，再做补充评定。"
    )


# Refusals of a file as a whole.


class NotAWorkbook(Refused):
    """The file is not a readable list, but a picture, a PDF or a broken download; ``cure`` says
    what to do with a file of that kind.
    """

    message = "“%(file)s”不是可以读取的表格。%(cure)s"


class WorkbookLocked(Refused):
    """The file asks for a password before it opens."""

    message = "“%(file)s”设有打开密码。请在 Excel 中取消密码，保存后重试。"


class QuoteNotClosed(Refused):
    """A text file has a quote that is not closed; it would take the rows after it into one cell."""

    message = (
        "“%(file)s”第 %(row)s 行有一个引号没有配对，后面的行会连成一格。"
        "请删去多余的引号，或用 Excel 打开、另存为 .xlsx 后重试。"
    )


class WebPageAsWorkbook(Refused):
    """A web page or XML under the name of a workbook, as some platforms export their lists."""

    message = (
        "“%(file)s”其实是网页或 XML，不是 Excel 工作簿。请用 Excel 打开，另存为 .xlsx 后重试。"
    )


class WorkbookTooBig(Refused):
    """The file exceeds a limit of :class:`archive.Limits`; ``what`` names it with its number."""

    status = 413
    message = "“%(file)s”太大：%(what)s。请拆成几个工作簿分别导入。"


class WorkbookSwollen(Refused):
    """The file is compressed like an archive bomb, or padded with formats."""

    status = 413
    message = (
        "“%(file)s”里几乎全是空白或重复的内容，打开后是文件的 %(times)s 倍以上，不像名单。"
        "请新建一个工作簿，只把名单复制过去，保存后重试。"
    )


class TooManyColumns(Refused):
    """A cell lies further to the right than any list reaches."""

    message = "“%(file)s”第 %(row)s 行超过 %(most)s 列。请删去右边多余的列后重试。"


class CellTooLong(Refused):
    """A cell holds more than any column of a list does."""

    message = "“%(file)s”第 %(row)s 行有超过 %(most)s 字的单元格。请缩短后重试。"


class WorkbookNotPlain(Refused):
    """The file has macros, links to other files or embedded objects, which a list never needs;
    ``cure`` says how they are removed.
    """

    message = "“%(file)s”含有%(what)s。为了安全，%(cure)s"


class WorkbookTooManyParts(WorkbookTooBig):
    """The file has more pictures, shapes and other parts than a list does."""

    message = (
        "“%(file)s”里的图片、形状等附件太多，超过 %(most)s 个。"
        "请新建一个工作簿，用“选择性粘贴”只粘贴数值，保存后重试。"
    )


class NoKnownSheet(Refused):
    """Every visible sheet is empty."""

    message = (
        "“%(file)s”里没有内容，或工作表都已隐藏。"
        "请取消隐藏要导入的工作表，确认有一行表头（例如：姓名、身份证号、手机号）后重试。"
    )
