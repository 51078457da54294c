"""Finds the person whom a row names: by name and phone, or by name and identity number."""

import re
import unicodedata
from datetime import date

from volunteer_service.identifiers import identity_card
from volunteer_service.workbooks.judging.taken_or_refused import (
    ASK_ANEW,
    N_,
    Reason,
    phone_cure,
)
from volunteer_service.workbooks.judging.taken_so_far import Sofar
from volunteer_service.workbooks.reading import cells
from volunteer_service.workbooks.reading.cells import HAN
from volunteer_service.workbooks.reading.line import Line

_CURES = {
    "name": "花名册中有同名志愿者，但手机号不同。请核对手机号。",
    "phone": "花名册中有这个手机号，但姓名不同。请核对姓名。",
}
_ONE_A_ROW = N_("这一格里有几个人，请每人写一行。")
#: A separator of two names; the name of one person has at most a dot or a space.
_SEVERAL = re.compile(
    rf"[{HAN}]\s*[、,，;；/／]\s*[{HAN}]|[{HAN}]{{2}}\s*\n\s*[{HAN}]{{2}}|等\s*\d*\s*人\s*$"
)
_NUMBERED = re.compile(r"^\d{1,4}\s*[.、)]|\d{5,}")
#: What a roster adds to a name: (组长), 先生, ★.
_WITH_OFFICE = re.compile(
    r"[()\[\]【】*※]|^[-—@]"
    rf"|(?<=[{HAN}])(?:先生|女士|小姐|同志|师傅|阿姨|叔叔|大爷|大妈|老师|医生|书记|主任|[组队社站楼]长)$"
)
_BARE = N_("姓名只写身份证上的姓名；职务、称呼和记号写到“备注”里。")
_REGISTER_FIRST = "请先把这位志愿者加入花名册。"


def need_one(line: Line) -> None:
    """Refuse a cell that names several people («许一、许二»), or more than a name: its number
    in the list, a phone.
    """
    if _NUMBERED.search(line.text("name")):
        raise Reason("more_than_a_name", "name", "姓名这一格只写姓名，序号和电话写在各自的列里。")
    if _SEVERAL.search(str(line.raw("name") or "")):
        raise Reason("several_people", "name", _ONE_A_ROW)


def need_bare(line: Line) -> None:
    """Refuse a name with an office, a title or a mark: it would be printed on the certificate."""
    name = line.name("name")
    has_sign = any(unicodedata.category(sign)[0] == "S" for sign in name)
    if has_sign or _WITH_OFFICE.search(name):
        raise Reason("more_than_a_name", "name", _BARE)


def by_phone(sofar: Sofar, line: Line) -> str:
    """Return the judges' key of the person with this name and phone; raises :class:`Reason`."""
    need_one(line)
    name, phone = line.name("name"), cells.phone(line.raw("phone")) or ""
    people = sofar.people_called(name, phone) if name and phone else set()
    if len(people) > 1:
        raise Reason("ambiguous_volunteer", "name", "请在花名册中区分这两位志愿者。")
    if not people:
        if name and phone and sofar.known.left_called(name, phone):
            raise Reason("has_left", "name", ASK_ANEW)
        if line.text("phone") and not phone:
            raise Reason("unknown_volunteer", "phone", phone_cure(line.raw("phone")))
        cure = _CURES.get(sofar.near_miss(name, phone) or "", _REGISTER_FIRST)
        raise Reason("unknown_volunteer", "name", cure)
    return people.pop()


def by_card_or_phone(sofar: Sofar, line: Line, today: date) -> str:
    """Return as :func:`by_phone` does; an identity number in the row decides who it is."""
    raw = line.raw("id_number")
    if not line.text("id_number"):
        return by_phone(sofar, line)
    # A number cell is passed on as it is, because only then rounding by Excel can be detected.
    card = identity_card.read(
        raw if isinstance(raw, int | float) else line.text("id_number"), today
    )
    if isinstance(card, identity_card.IdProblem):
        raise Reason(card.code, "id_number", "请按证件核对；也可以留空，按姓名和手机号找人。")
    person, name = sofar.key_of(card.number), line.name("name")
    same, before = sofar.taken_as(person, name), sofar.known.name_behind(person)
    if same is None and before is None:
        raise Reason("unknown_volunteer", "id_number", _REGISTER_FIRST)
    if same is False or (before and cells.match_key(before) != cells.match_key(name)):
        raise Reason("same_id_other_person", "id_number", "请按证件核对姓名。")
    if sofar.known.has_left(person):
        raise Reason("has_left", "name", ASK_ANEW)
    return person
