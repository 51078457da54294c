"""Judges the roster.

Order of checks, the first that fails is the reason: missing name · the ID number (missing, lost
digits, malformed, check digit, impossible birth date) · sex contradicts the ID · bad phone ·
registration date (missing, impossible, in the future) · unknown area · unknown team · minor
without guardian · duplicate row or same ID, other person. Only rows that were taken are compared
with, so a refused row never stands in the way of its mended twin.

A minor is somebody under 18 on the day of the import (``today``): that is the day on which the
person, grown up or not, is registered here, and consent counts from then. Both the guardian's name
and phone are needed.
"""

from datetime import date

from volunteer_service.identifiers import identity_card
from volunteer_service.workbooks.judging import cures, tidied
from volunteer_service.workbooks.judging.known import Sofar
from volunteer_service.workbooks.judging.rows import Refusal, Taken, VolunteerRow
from volunteer_service.workbooks.reading import cells
from volunteer_service.workbooks.reading.sheets import Line

OF_AGE = 18
_SEX = {"男": "m", "男性": "m", "m": "m", "女": "f", "女性": "f", "f": "f"}
_ID_CURES = {
    "id_missing": cures.FILL,
    "id_lost_digits": "把这一列设为“文本”格式，按证件重新输入 18 位。",
    "id_malformed": "应为 18 位，最后一位可以是 X。",
    "id_check_digit": "可能输错或颠倒了数字，请按证件核对。",
    "impossible_date": "第 7 至 14 位应是出生日期，请按证件核对。",
}


class Judge:
    """Takes people of areas and teams that are known by now."""

    def __init__(self, sofar: Sofar, today: date) -> None:
        self._sofar = sofar
        self._today = today

    def judge(self, line: Line) -> Taken:
        """Take one person; raises :class:`Refusal`."""
        name = line.name("name")
        if not name:
            raise Refusal("missing_name", "name", cures.FILL)
        card = self._card(line)
        phone = _phone(line, "phone")
        registered_on = self._registered_on(line)
        place = self._place(line)
        self._check_team(line.name("team"))
        guardian = line.name("guardian_name"), _phone(line, "guardian_phone")
        if is_minor(card.born_on, self._today) and not all(guardian):
            raise Refusal("minor_without_guardian", "guardian_name", "补上监护人姓名和电话。")
        id_key = self._sofar.key_of(card.number)
        is_new = self._check_once(id_key, name)
        self._sofar.remember_person(id_key, name, phone)
        row = _row(line, card, id_key, place, registered_on)
        notes = tidied.of_volunteer(line, name)
        return line.taken(row, is_new, notes)

    def _card(self, line: Line) -> identity_card.IdCard:
        raw = line.raw("id_number")
        # A number cell is handed on as it is: only so can it be told that Excel rounded it.
        number = raw if isinstance(raw, int | float) else line.text("id_number")
        card = identity_card.read(number, self._today)
        if isinstance(card, identity_card.IdProblem):
            raise Refusal(card.code, "id_number", _ID_CURES[card.code])
        stated = _SEX.get(line.text("sex").lower(), card.sex)
        if stated != card.sex:
            raise Refusal("sex_contradicts_id", "sex", "请按证件核对性别和身份证号第 17 位。")
        return card

    def _registered_on(self, line: Line) -> date:
        if not line.text("registered_on"):
            raise Refusal("missing_value", "registered_on", cures.FILL)
        found = cells.day(line.raw("registered_on"), line.epoch)
        if found is None:
            raise Refusal("impossible_date", "registered_on", cures.DATE)
        if found > self._today:
            cure = f"今天是 {self._today}，请核对年份。"
            raise Refusal("date_in_the_future", "registered_on", cure)
        return found

    def _place(self, line: Line) -> tuple[str, str, str]:
        community, grid, building = (line.name(part) for part in ("community", "grid", "building"))
        if community and not self._sofar.has_area(community, grid, building):
            if not self._sofar.has_area(community):
                cure = cures.did_you_mean(community, self._sofar.communities(), cures.COMMUNITY)
                raise Refusal("unknown_area", "community", cure)
            raise Refusal("unknown_area", "building", f"请核对{community}的网格和楼栋。")
        return community, grid, building

    def _check_team(self, team: str) -> None:
        if team and not self._sofar.has_team(team):
            cure = cures.did_you_mean(team, self._sofar.team_names(), cures.TEAM)
            raise Refusal("unknown_team", "team", cure)

    def _check_once(self, id_key: str, name: str) -> bool:
        """Whether the person is new; refused when this file or the service knows better."""
        same = self._sofar.taken_as(id_key, name)
        if same:
            raise Refusal("duplicate_row", "id_number", cures.DELETE)
        before = self._sofar.known.name_behind(id_key)
        if same is False or (before and cells.match_key(before) != cells.match_key(name)):
            raise Refusal("same_id_other_person", "id_number", "请按证件核对这两个人。")
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
    """Under 18 on this day; the 18th birthday itself is of age."""
    years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return years < OF_AGE


def _phone(line: Line, field: str) -> str:
    """The digits, "" where the cell is empty: some people share nobody's phone."""
    found = cells.phone(line.raw(field))
    if found is None and line.text(field):
        raise Refusal("bad_phone", field, "应为 11 位手机号，或带区号的座机号。")
    return found or ""
