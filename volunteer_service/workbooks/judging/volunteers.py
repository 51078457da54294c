"""Judges the roster.

Order of checks, the first that fails is the reason: missing name · the ID number (missing, lost
digits, malformed, check digit, impossible birth date) · sex contradicts the ID · bad phone ·
registration date (missing, impossible, in the future) · a place that looks like another's name ·
unknown area · unknown team · minor
without guardian · duplicate row (a second row with another team is that team's) or same ID, other
person · somebody who left, because a list takes nobody back · a closed area, for somebody new · a
closed team, for who is not in it · somebody of this name without an ID number, who may be the same:
staff are asked. Rows are compared only with taken ones, so a refused row never blocks its corrected
copy.

A minor is somebody under 18 on the day of the import (``today``), on which the person is registered
here and consent begins. Both the guardian's name and phone are needed.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, ClassVar

from volunteer_service.identifiers import identity_card
from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.workbooks.judging import named_people
from volunteer_service.workbooks.judging.taken_or_refused import (
    ASK_ANEW,
    CHECK_COMMUNITY,
    DELETE_ROW,
    FILL_CELL,
    MASKED,
    N_,
    NAME,
    ONE_TEAM_A_ROW,
    OPEN_TEAM,
    TEXT,
    Reason,
    Taken,
    VolunteerRow,
    date_cure,
    did_you_mean,
    phone_cure,
    taken,
    team_cure,
)
from volunteer_service.workbooks.judging.taken_so_far import Sofar
from volunteer_service.workbooks.reading import cells
from volunteer_service.workbooks.reading.cells import HAN
from volunteer_service.workbooks.reading.line import Line

OF_AGE = 18
_ONE_PHONE = N_("同一个人有两行，手机号不同。请写成一样的再导入。")
_SEX = {"男": "m", "男性": "m", "m": "m", "女": "f", "女性": "f", "f": "f"}
_ID_CURES = {
    "id_missing": FILL_CELL,
    "id_lost_digits": "把这一列设为“文本”格式，按证件重新输入 18 位。",
    "id_malformed": "应为 18 位，最后一位可以是 X；15 位的旧号码请按现在的身份证写。",
    "id_check_digit": "可能输错或颠倒了数字，请按证件核对。",
    "impossible_date": "第 7 至 14 位应是出生日期，请按证件核对。",
}

#: The separators between two teams in one cell.
_BETWEEN_TEAMS = re.compile(r"[、,，;；/\s]+|和|及")
#: What people put around a number so that Excel leaves it alone.
_QUOTES = " \"'“”‘’«»「」"
_RARE = re.compile(f"(?![\u4e00-\u9fff])[{HAN}]")
_FULL_WIDTH_DIGIT = re.compile("[\uff10-\uff19]")
_SPACE_INSIDE = re.compile(r"\S\s+\S")
_SPACED_DIGITS = re.compile(r"\d[\s\-]+\d")
_FORMULA = re.compile(r"\s*[=+\-@]")
#: What is tidied in a roster, in words, which shows a street how its list is kept. The keys are
#: those of ``dirt`` in ``import --json``.
TIDIED = {
    "full_width_digits": N_("全角数字"),
    "spaced_phones": N_("手机号中有空格"),
    "padded_or_lower_case_ids": N_("身份证号有空格或小写 x"),
    "spaces_inside_names": N_("姓名中有空格"),
    "rare_character_names": N_("姓名含生僻字"),
    "formula_like_remarks": N_("备注像公式，不会计算"),
    "people_sharing_a_phone": N_("与别人共用手机号"),
}


class Judge:
    """Takes people of known areas and teams."""

    needed: ClassVar[Collection[str]] = frozenset()
    #: The longest cell of each field; every other is a number, a date or a known name.
    longest: ClassVar[Mapping[str, int]] = {
        "name": NAME,
        "community": NAME,
        "grid": NAME,
        "building": NAME,
        "team": NAME,
        "guardian_name": NAME,
        "party": NAME,
        "employer": TEXT,
        "skills": TEXT,
        "remark": TEXT,
    }

    def __init__(self, sofar: Sofar, today: date, policy: Policy) -> None:
        self._sofar = sofar
        self._today = today

    def judge(self, line: Line) -> Taken:
        """Take one person; raises :class:`Reason`."""
        name = line.name("name")
        if not name:
            raise Reason("missing_name", "name", FILL_CELL)
        named_people.need_one(line)
        named_people.need_bare(line)
        card = self._card(line)
        phone = _phone(line, "phone")
        registered_on = self._registered_on(line)
        place = self._place(line)
        team = line.name("team")
        self._check_team(team, line)
        guardian = line.name("guardian_name"), _phone(line, "guardian_phone")
        if is_minor(card.born_on, self._today) and not all(guardian):
            raise Reason("minor_without_guardian", "guardian_name", "补上监护人姓名和电话。")
        id_key = self._entry(self._sofar.key_of(card.number), name, phone)
        is_new = self._check_once(id_key, name, phone, team)
        if not is_new and self._sofar.known.has_left(id_key):
            raise Reason("has_left", "name", ASK_ANEW)
        if is_new or self._sofar.known.would_move_into_closed(id_key, place):
            self._sofar.need_open(*place)
        if team and self._sofar.known.would_join_closed(team, id_key):
            raise Reason("team_closed", "team", OPEN_TEAM)
        self._ask_namesakes(name, card.born_on, place, is_new=is_new)
        if self._sofar.taken_as(id_key, name) is None:
            self._sofar.remember_person(id_key, name, phone)
        if team:
            self._sofar.remember_member(id_key, team)
        row = _row(line, card, id_key, place, registered_on)
        notes = _tidied(line, name)
        return taken(line, row, is_new, notes)

    def _card(self, line: Line) -> identity_card.IdCard:
        raw = line.raw("id_number")
        # A number cell is passed on as it is, because only then rounding by Excel can be detected.
        number = raw if isinstance(raw, int | float) else line.text("id_number").strip(_QUOTES)
        card = identity_card.read(number, self._today)
        if isinstance(card, identity_card.IdProblem):
            is_masked = "*" in line.text("id_number")
            raise Reason(card.code, "id_number", MASKED if is_masked else _ID_CURES[card.code])
        stated = _SEX.get(line.text("sex").lower(), card.sex)
        if stated != card.sex:
            raise Reason("sex_contradicts_id", "sex", "请按证件核对性别和身份证号第 17 位。")
        return card

    def _entry(self, id_key: str, name: str, phone: str) -> str:
        """Return the key of the person of a row.

        An unknown number with the name and the phone of somebody here is a new number of theirs,
        which is offered as a change.
        """
        if self._sofar.taken_as(id_key, name) is not None or self._sofar.known.name_behind(id_key):
            return id_key
        return self._sofar.known.entry_here(name, phone) or id_key

    def _registered_on(self, line: Line) -> date:
        if not line.text("registered_on"):
            raise Reason("missing_value", "registered_on", FILL_CELL)
        found = cells.day(line.raw("registered_on"), line.epoch)
        if found is None:
            cure = date_cure(line.raw("registered_on"))
            raise Reason("impossible_date", "registered_on", cure)
        if found > self._today:
            cure = f"今天是 {self._today}，请核对年份。"
            raise Reason("date_in_the_future", "registered_on", cure)
        return found

    def _place(self, line: Line) -> tuple[str, str, str]:
        community, grid, building = self._sofar.alike.placed(
            "", (line.name("community"), line.name("grid"), line.name("building"))
        )
        if community and not self._sofar.has_area(community, grid, building):
            if not self._sofar.has_area(community):
                cure = did_you_mean(community, self._sofar.communities(), CHECK_COMMUNITY)
                raise Reason("unknown_area", "community", cure)
            # The building is missing because its community is closed, which is the reason.
            self._sofar.need_open(community, grid, building)
            raise Reason("unknown_area", "building", f"请核对{community}的网格和楼栋。")
        return community, grid, building

    def _check_team(self, team: str, line: Line) -> None:
        if team and not self._sofar.has_team(team):
            parts = [part for part in _BETWEEN_TEAMS.split(team) if part]
            if len(parts) > 1 and all(map(self._sofar.has_team, parts)):
                raise Reason("unknown_team", "team", ONE_TEAM_A_ROW)
            cure = did_you_mean(team, self._sofar.team_names(), team_cure(line))
            raise Reason("unknown_team", "team", cure)

    def _ask_namesakes(
        self, name: str, born_on: date, place: tuple[str, str, str], *, is_new: bool
    ) -> None:
        """Refuse a row whose person may be here without an identity number, until staff say who it
        is.
        """
        number = self._sofar.known.maybe_here(name, born_on, place) if is_new else None
        if number is not None:
            cure = (
                f"已有编号 {number}。是同一个人，先在其页面上补身份证号；"
                "是另一个人，先单独登记并勾选“是另一个人”。再导入这一行。"
            )
            raise Reason("maybe_same_person", "name", cure)

    def _check_once(self, id_key: str, name: str, phone: str, team: str) -> bool:
        """Tell whether the person is new; refuse a row that contradicts this file or the service.

        Another name with the number and the phone of somebody here is a change of name. A member of
        two teams has a row for each of them.
        """
        same = self._sofar.taken_as(id_key, name)
        if same and not (team and self._sofar.is_no_member(id_key, team)):
            raise Reason("duplicate_row", "id_number", DELETE_ROW)
        if same and self._sofar.has_other_phone(id_key, phone):
            raise Reason("duplicate_row", "phone", _ONE_PHONE)
        if same:
            return False
        before = self._sofar.known.name_behind(id_key)
        is_other = before is not None and cells.match_key(before) != cells.match_key(name)
        if same is False or (is_other and not self._sofar.known.is_reached_at(id_key, phone)):
            raise Reason("same_id_other_person", "id_number", "请按证件核对这两个人。")
        return before is None


def _row(
    line: Line,
    card: identity_card.IdCard,
    id_key: str,
    place: tuple[str, str, str],
    registered_on: date,
) -> VolunteerRow:
    community, grid, building = place
    return VolunteerRow(
        name=line.name("name"),
        sex=card.sex,
        id_number=card.number,
        id_key=id_key,
        born_on=card.born_on,
        phone=_phone(line, "phone"),
        community=community,
        grid=grid,
        building=building,
        team=line.name("team"),
        party=line.text("party"),
        employer=line.text("employer"),
        skills=line.text("skills"),
        guardian_name=line.name("guardian_name"),
        guardian_phone=_phone(line, "guardian_phone"),
        registered_on=registered_on,
        remark=line.text("remark"),
    )


def is_minor(born_on: date, on: date) -> bool:
    """Tell whether somebody is under 18 on this day; on the 18th birthday they are of age."""
    years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return years < OF_AGE


def _phone(line: Line, field: str) -> str:
    """Return the digits, or "" for an empty cell, so that people without a phone share none."""
    found = cells.phone(line.raw(field))
    if found is None and line.text(field):
        raise Reason("bad_phone", field, phone_cure(line.raw(field)))
    return found or ""


def _tidied(line: Line, name: str) -> frozenset[str]:
    """Return what was tidied in a row; ``name`` is the tidied name."""
    number, phone = line.raw("id_number"), line.raw("phone")
    found = {
        "full_width_digits": _has(_FULL_WIDTH_DIGIT, number) or _has(_FULL_WIDTH_DIGIT, phone),
        "spaced_phones": _has(_SPACED_DIGITS, phone),
        "padded_or_lower_case_ids": isinstance(number, str)
        and (number != number.strip() or "x" in number),
        "spaces_inside_names": _has(_SPACE_INSIDE, line.raw("name")),
        "rare_character_names": _has(_RARE, name),
        "formula_like_remarks": _is_formula(line.raw("remark")),
    }
    return frozenset(what for what, is_so in found.items() if is_so)


def _is_formula(raw: Any) -> bool:
    if isinstance(raw, cells.Unreadable):
        return raw.why == "formula"
    return isinstance(raw, str) and _FORMULA.match(raw) is not None


def _has(pattern: re.Pattern[str], raw: Any) -> bool:
    return isinstance(raw, str) and pattern.search(raw) is not None
