"""Refusals of exports that are written beside a request."""

from volunteer_service.errors import Refused


class TooManyExports(Refused):
    """An account has too many running exports."""

    status = 409
    message = "已有 %(most)s 份表格正在生成。请等其中一份完成，或取消一份。"


class ExportNotReady(Refused):
    """The export has no file, or is not in the state in which this step begins."""

    status = 409
    message = "这份表格现在不能这样做：它还没有生成完，或已取消、已过期。请刷新页面查看。"
