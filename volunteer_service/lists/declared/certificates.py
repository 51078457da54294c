"""The list of certificates."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, String, case, cast, select

from volunteer_service.certificates import bulk_papers, register
from volunteer_service.certificates.models import Certificate
from volunteer_service.lists import expressions, reading, shared_columns
from volunteer_service.lists.acts.models import Batch, BatchRow
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import (
    Choice,
    Days,
    Exact,
    Named,
    Search,
    Tree,
    called,
    words_of,
)
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.teams.models import Membership, Team

KINDS = {"honour": (_l("荣誉证书"), "plain"), "service": (_l("服务证明"), "plain")}
STATES = {"valid": (_l("有效"), "ok"), "revoked": (_l("证书已撤销"), "bad")}


def _is(state: str) -> ColumnElement[bool]:
    stands = Certificate.revoked_at.is_(None)
    return stands if state == "valid" else ~stands


def _in_round(value: int) -> ColumnElement[bool]:
    results = select(RoundResult.id).where(RoundResult.round_id == value)
    return Certificate.result_id.in_(results)


def _in_teams(named: ColumnElement[bool]) -> ColumnElement[bool]:
    members = select(Membership.volunteer_id).join(Team, Team.id == Membership.team_id)
    return Certificate.volunteer_id.in_(members.where(Membership.state == "active", named))


def _papers(asked: Any, out: IO[bytes], noted: Any, at: datetime) -> int:
    return bulk_papers.write((row.id for row in reading.every_row(asked)), out, noted, at=at)


@dataclass(frozen=True)
class OfBatch(Exact):
    """The papers that a batch printed."""

    def where(self, value: int) -> ColumnElement[bool]:
        done = (
            select(BatchRow.row_id)
            .join(Batch, Batch.id == BatchRow.batch_id)
            .where(Batch.id == value, Batch.act == "print_papers", BatchRow.state == "done")
        )
        return Certificate.id.in_(done)


@dataclass(frozen=True)
class OfRound(Exact):
    """The papers of a round."""

    def where(self, value: int) -> ColumnElement[bool]:
        return _in_round(value)


CERTIFICATES = StaffList(
    name="certificates",
    title=_l("证书"),
    roles=("coordinator", "auditor"),
    id_=Certificate.id,
    joined=lambda query: query.join(Certificate.volunteer),
    guard=register.seen_by,
    order="-issued_at",
    right=Right.RATING_SEE,
    area=Volunteer.area_id,
    whose=Certificate.volunteer_id,
    lead=Certificate.number,
    papers=_papers,
    columns=(
        Column(name="number", label=_l("证书编号"), sql=Certificate.number),
        Column(name="name", label=_l("志愿者"), sql=Volunteer.name, sort=Volunteer.name_order),
        Column(name="team", label=_l("队伍"), sql=expressions.team_names(Certificate.volunteer_id)),
        shared_columns.street(Volunteer.area_id),
        Column(name="kind", label=_l("种类"), sql=Certificate.kind, kind="code", codes=KINDS),
        Column(
            name="issued_at",
            label=_l("签发日期"),
            sql=Certificate.issued_at,
            kind="day",
            sort=Certificate.issued_at,
        ),
        Column(
            name="state",
            label=_l("状态"),
            sql=case((_is("valid"), "valid"), else_="revoked"),
            kind="code",
            codes=STATES,
        ),
    ),
    filters=(
        Search(
            label=_l("姓名、拼音、编号或手机号"),
            person=Certificate.volunteer_id,
            texts=(Certificate.number,),
        ),
        Tree(label=_l("区域"), column=Volunteer.area_id),
        Named(name="team", label=_l("队伍"), named=Team.name, matching=_in_teams),
        OfRound(
            name="round_id",
            label=_l("半年"),
            column=Certificate.result_id,
            called=called(Round.half_year, Round.id),
        ),
        OfBatch(
            name="batch",
            label=_l("批量操作"),
            column=Certificate.id,
            called=lambda value: select(cast(Batch.id, String)).where(Batch.id == value),
        ),
        Choice(
            name="kind",
            label=_l("种类"),
            choices=words_of(KINDS),
            column=Certificate.kind,
        ),
        Choice(
            name="state",
            label=_l("状态"),
            choices=words_of(STATES),
            by=_is,
        ),
        Days(label=_l("签发日期"), column=Certificate.issued_at, is_instant=True),
    ),
    empty=_l("没有符合条件的证书。"),
)
