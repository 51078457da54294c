"""Refusals of saved views."""

from volunteer_service.errors import Refused


class TooManyViews(Refused):
    """An account keeps a limited number of views of one list."""

    field = "name"
    message = "一个名单最多保存 %(most)s 个视图。请先删除不用的。"
