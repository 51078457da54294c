"""Refusals about uploaded papers and photos; each says what to do."""

from collections.abc import Sequence

from volunteer_service.errors import Refused
from volunteer_service.paper.uploaded_pages import MOST_BYTES, MOST_PAGES, Page, Unreadable


class PaperTooLarge(Refused):
    """The file of a scanned paper is larger than the limit."""

    status = 413
    message = "这个文件超过 %(megabytes)s MB。请把照片调小一点，或分几次上传。"


class PaperIsHeic(Refused):
    """A photo in the format of iPhones, which browsers do not show."""

    message = (
        "这是苹果手机的 HEIC 照片，打不开。请在“设置 → 相机 → 格式”里选“兼容性最佳”后重拍，"
        "或把照片截屏后上传。"
    )


class PaperOfNoKind(Refused):
    """The content of the file is not JPEG, PNG or PDF, whatever its name says."""

    message = "这个文件不是 JPG、PNG 图片或 PDF。请拍照，或把纸质表扫描成这几种格式。"


class PaperTooManyPixels(Refused):
    """The picture has more pixels than a photo of a sheet needs."""

    message = "这张图片太大（像素太多），打不开。请用手机重新拍一张。"


class PaperTooSmall(Refused):
    """The shorter side has too few pixels to be read."""

    message = "这张图片太小，看不清。请重新拍一张清楚的。"


class PaperBroken(Refused):
    """The file ends early or cannot be decoded."""

    message = "这个文件不完整或已损坏，打不开。请重新拍照或重新扫描。"


class PaperLocked(Refused):
    """The PDF needs a password."""

    message = "这个 PDF 加了密码。请去掉密码后再上传，或直接拍照。"


class PaperTooIntricate(Refused):
    """Reading the file, or all files of the request, takes more time than a sheet may."""

    message = "这个文件太复杂，读取时间太长。请直接给纸质表拍照，或分几次上传。"


class PaperPages(Refused):
    """More pages than one sheet keeps, or none."""

    message = "一张签到表最多留 %(most)s 页。请只上传有签名的页。"


class PapersBusy(Refused):
    """The service is busy reading other uploads."""

    status = 503
    message = "正在处理别人上传的照片。请过一分钟再提交。"


class PaperAsideFull(Refused):
    """The person has uploaded too many pages for sheets that are not entered yet."""

    status = 409
    message = (
        "您有 %(most)s 页签到表照片还没有随签到表提交。"
        "请先提交，或过一天再传：没有用上的一天后自动删除。"
    )


class PaperSettled(Refused):
    """The sheet was approved: its proof stays as the approver saw it."""

    status = 409
    message = "这张签到表已审批，照片不能再增减。有问题请更正记录并写明原因。"


_REFUSED: dict[str, type[Refused]] = {
    "size": PaperTooLarge,
    "heic": PaperIsHeic,
    "kind": PaperOfNoKind,
    "pixels": PaperTooManyPixels,
    "small": PaperTooSmall,
    "broken": PaperBroken,
    "locked": PaperLocked,
    "slow": PaperTooIntricate,
    "pages": PaperPages,
    "busy": PapersBusy,
}


def readable(
    found: Sequence[Page] | Unreadable, *, field: str = "paper", too_many: Refused | None = None
) -> Sequence[Page]:
    """Return the pages made from the files; raise the refusal with its cure.

    ``too_many`` replaces the refusal of too many pages of a sheet.
    """
    if isinstance(found, Unreadable):
        if found.reason == "pages" and too_many is not None:
            raise too_many
        raise _REFUSED[found.reason](
            field=field, megabytes=MOST_BYTES // 1024 // 1024, most=MOST_PAGES
        )
    return found
