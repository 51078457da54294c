"""What the help of a page is made of."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

#: Whom a page serves, in the reader's words.
SERVES = {
    "anyone": _l("给每一位"),
    "newcomer": _l("给新来的人"),
    "minor": _l("给未成年的志愿者"),
    "guardian": _l("给监护人"),
    "volunteer": _l("给志愿者"),
    "leader": _l("给负责人"),
    "coordinator": _l("给社区和街道的管理员"),
    "desk": _l("给兑换点"),
    "auditor": _l("给审核员"),
    "admin": _l("给系统管理员"),
    "staff": _l("给工作人员"),
    "developer": _l("给连接其他程序的人"),
}


@dataclass(frozen=True)
class Help:
    """Three sentences for the person whom some pages serve.

    ``pages`` are endpoints of views. ``is_for`` says what the page is for, ``do`` what one does
    there, ``then`` what happens next or whom to ask. ``picture`` has one icon for each of the
    three, or none where a picture helps nobody.
    """

    pages: tuple[str, ...]
    serves: str
    is_for: LazyString
    do: LazyString
    then: LazyString
    picture: tuple[str, str, str] | tuple[()] = ()

    @property
    def sentences(self) -> tuple[LazyString, LazyString, LazyString]:
        """Return the three, in the order in which they are read."""
        return self.is_for, self.do, self.then

    @property
    def for_whom(self) -> LazyString:
        """Return whom the page serves, in words."""
        return SERVES[self.serves]


def of(*declared: Help) -> dict[str, Help]:
    """Return the help of each page; ValueError for a page that is named twice."""
    found: dict[str, Help] = {}
    for each in declared:
        for page in each.pages:
            if page in found:
                raise ValueError(f"{page} has two helps")
            found[page] = each
    return found
