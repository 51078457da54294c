"""The list of certificates."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case

from volunteer_service.certificates import register
from volunteer_service.certificates.models import Certificate
from volunteer_service.lists import shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import Choice, Days, Search, Tree, words_of
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer

KINDS = {"honour": (_l("荣誉证书"), "plain"), "service": (_l("服务证明"), "plain")}
STATES = {"valid": (_l("有效"), "ok"), "revoked": (_l("证书已撤销"), "bad")}


def _is(state: str) -> ColumnElement[bool]:
    stands = Certificate.revoked_at.is_(None)
    return stands if state == "valid" else ~stands


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
    columns=(
        Column(name="number", label=_l("证书编号"), sql=Certificate.number),
        Column(name="name", label=_l("志愿者"), sql=Volunteer.name, sort=Volunteer.name_order),
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
