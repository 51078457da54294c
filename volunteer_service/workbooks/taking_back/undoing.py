"""Undoes a whole import on which nothing depends; what was changed since stays."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Select,
    Table,
    delete,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from volunteer_service import journal
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import Base, after_commit, db
from volunteer_service.errors import Counts, Phrase
from volunteer_service.openings.models import OPENING, TABLES, OpeningPoints
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Consent, Guardian, Message, SearchKey, Volunteer
from volunteer_service.scoring.points import bulk_reversals
from volunteer_service.scoring.points.accounts import run
from volunteer_service.scoring.points.models import PointsAccount
from volunteer_service.scoring.ratings.models import LateChange, Round, RoundResult
from volunteer_service.scoring.rewards import gifts
from volunteer_service.scoring.rewards.models import Gift, StockMove
from volunteer_service.teams.models import Brand, Membership, Project, Team
from volunteer_service.workbooks import answers, approval, stored_files
from volunteer_service.workbooks.asked_sheets import several_streets
from volunteer_service.workbooks.import_states import allowed, forget_rows, move
from volunteer_service.workbooks.models import Import, SheetMeaning, StepAside
from volunteer_service.workbooks.refusals import (
    ImportBuiltUpon,
    ImportNotReady,
    ImportRated,
    ImportRatedForGood,
)
from volunteer_service.workbooks.taking_back import changed_since, undo_approval
from volunteer_service.workbooks.taking_back.changed_since import Rows
from volunteer_service.workbooks.taking_back.people_touched import people_touched
from volunteer_service.workbooks.writing import changes, messages
from volunteer_service.workbooks.writing.gifts import BROUGHT

#: Children before parents: the order of deletion.
_BROUGHT = (*TABLES, ServiceRecord, Membership, Volunteer, Team, Brand, Project)
_PARENTS = (*_BROUGHT, Gift, Area)
#: Rows that belong to a person or a street and are deleted with them.
_ALONG = tuple(
    model.__tablename__
    for model in (Guardian, LateChange, Message, PointsAccount, SearchKey, SheetMeaning, StepAside)
)
_TAKEN_BACK = "撤销导入 #"
#: Marks words for the translators, who look for this name.
N_ = str

OTHER = N_("其他资料")
JUST_NOW = N_("刚刚新增的资料")

#: What can depend on an import, by table.
BUILT_UPON = {
    "account_findings": N_("账号与志愿者的关联"),
    "accounts": N_("登录账号"),
    "adjustments": N_("积分调整"),
    "anomalies": N_("异常"),
    "areas": N_("区域"),
    "attendances": N_("签到"),
    "calendar_feeds": N_("日历地址"),
    "certificates": N_("证书"),
    "circular_receivers": N_("收到的通知"),
    "circulars": N_("写给队伍和活动的通知"),
    "claim_photos": N_("补报的照片"),
    "complaints": N_("投诉"),
    "consents": N_("本人确认的同意书"),
    "day_sheets": N_("兑换点日结单"),
    "disputes": N_("异议"),
    "evaluations": N_("评价"),
    "event_teams": N_("一起办的活动"),
    "events": N_("活动"),
    "gifts": N_("礼品"),
    "grants": N_("工作人员权限"),
    "household_ties": N_("登记的家庭成员"),
    "list_exports": N_("导出的文件"),
    "list_views": N_("保存的视图"),
    "looks": N_("查看个人信息的记录"),
    "memberships": N_("入队"),
    "mergings": N_("登记合并"),
    "message_settings": N_("消息设置"),
    "opening_hours": N_("期初时长"),
    "opening_papers": N_("期初证书"),
    "opening_points": N_("期初积分"),
    "opening_stars": N_("期初星级"),
    "person_changes": N_("更改过的个人资料"),
    "record_changes": N_("已更正的服务记录"),
    "record_corrections": N_("等待批准的更正"),
    "policy_terms": N_("一个地方的规则"),
    "redemptions": N_("兑换订单"),
    "registration_checks": N_("要看一看的登记"),
    "roster_lines": N_("名单纸上的行"),
    "roster_sheets": N_("名单纸"),
    "round_results": N_("星级评定结果"),
    "rounds": N_("星级评定"),
    "scans": N_("扫码记录"),
    "school_terms": N_("学期"),
    "service_records": N_("其他服务记录"),
    "shift_swaps": N_("换班"),
    "sign_ups": N_("报名"),
    "stock_moves": N_("库存变动"),
    "team_mergings": N_("队伍合并"),
    "team_robots": N_("队伍的群机器人"),
    "teams": N_("队伍"),
    "volunteer_cards": N_("志愿者卡"),
    "volunteers": N_("志愿者"),
}


def undo(import_id: int, *, by: Actor, at: datetime) -> Import:
    """Undo the whole import: delete its data, reverse its points, write its stock off.

    What a person changed since stays (``changed_since``), without the import's records and points.
    Ledger entries and stock moves stay as evidence, with their reversals. It is refused with a list
    if anything depends on it, and for an actor who is among its people or tied to one of them.
    Where it takes two people (``undo_approval``), this is the act of the second.
    """
    row = allowed(import_id, by)
    several_streets.need_all(row, by)
    who = partial(approval.who_may, row, at=at)
    conflicts.need_other(by, people_touched(row.id), at=at, who=who)
    decided = undo_approval.decided(row, by, at=at)
    if not move(row.id, "applied", state="undone", undone_at=at, sealed=None, **decided):
        raise ImportNotReady(state=row.state)
    changes.take_back(row.id, by=by, at=at)
    if found := blockers(row.id):
        raise _in_the_way(row.id, found)
    messages.taken_back(row.id, at=at)
    answers.undone(row, by=by, at=at)
    stay = changed_since.staying(row)
    kept = {name: len(ids) for name, ids in stay.items() if ids}
    _reverse_points(row.id, by=by, at=at)
    _clear_shelf(row.id, stay, by=by, at=at)
    _delete(row, stay)
    facts = {"kept": kept} if kept else {}
    journal.record("imports.undo", row, account_id=by.account_id, door=by.door, at=at, **facts)
    db.session.flush()
    db.session.expire_all()
    after_commit(lambda: stored_files.remove(import_id))
    return row


def discard(import_id: int, *, by: Actor, at: datetime) -> Import:
    """Drop a hand-in that was not applied, with its files."""
    row = allowed(import_id, by)
    if not move(
        row.id, "reading", "previewed", "failed", state="undone", undone_at=at, sealed=None
    ):
        raise ImportNotReady(state=row.state)
    forget_rows([row.id])
    journal.record("imports.discard", row, account_id=by.account_id, door=by.door, at=at)
    after_commit(lambda: stored_files.remove(import_id))
    return row


def blockers(import_id: int) -> Counter[str]:
    """Count rows from elsewhere that refer to rows of this import, by table."""
    found: Counter[str] = Counter()
    for table, key in _references():
        parent = key.column.table
        brought = select(parent.c.id).where(parent.c.import_id == import_id)
        count = db.session.scalar(
            select(func.count())
            .select_from(table)
            .where(key.parent.in_(brought), ~_came_along(table, import_id))
        )
        found[table.name] += count or 0
    found["record_changes"] += _amended(import_id)
    found["round_results"] = max(found["round_results"], _rated(import_id))
    return +found


def _in_the_way(import_id: int, found: Counter[str]) -> ImportBuiltUpon:
    """Name a rating and what to do about it; list anything else."""
    query = (
        select(Round)
        .join(RoundResult, RoundResult.round_id == Round.id)
        .where(RoundResult.volunteer_id.in_(_people(import_id)), Round.state != "withdrawn")
        .order_by(Round.noticed_at.is_(None), Round.supplement.desc(), Round.id)
    )
    rated = db.session.scalars(query.limit(1)).one_or_none()
    if rated is None:
        words = {BUILT_UPON.get(name, OTHER): n for name, n in found.items()}
        return ImportBuiltUpon(what=Counts(words))
    # A supplement cannot be frozen again.
    is_fixed = rated.noticed_at is not None or rated.supplement > 0
    refusal = ImportRatedForGood if is_fixed else ImportRated
    return refusal(area=rated.area.name, half_year=rated.half_year)


def _references() -> Iterator[tuple[Table, ForeignKey]]:
    """Find every foreign key that points at a table an import writes to."""
    parents = {model.__table__ for model in _PARENTS}
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            if key.column.table in parents:
                yield table, key


def _came_along(table: Table, import_id: int) -> ColumnElement[bool]:
    """Select the rows of a table that this import added itself."""
    if "import_id" in table.c:
        return func.coalesce(table.c.import_id == import_id, False)
    if table.name == Consent.__tablename__:
        return table.c.how == "import"
    if table.name == StockMove.__tablename__:
        reason = func.coalesce(table.c.reason, "")
        return or_(reason.startswith(BROUGHT), reason.startswith(_TAKEN_BACK))
    if table.name in _ALONG:
        return true()
    return table.c[next(iter(table.primary_key)).name] < 0


def _amended(import_id: int) -> int:
    query = select(func.count()).where(
        ServiceRecord.import_id == import_id,
        or_(ServiceRecord.version > 1, ServiceRecord.state != "confirmed"),
    )
    return db.session.scalar(query) or 0


def _rated(import_id: int) -> int:
    """Count results of people whose stars may rest on these records."""
    query = select(func.count()).where(RoundResult.volunteer_id.in_(_people(import_id)))
    return db.session.scalar(query) or 0


def _people(import_id: int) -> Select[int]:
    return select(ServiceRecord.volunteer_id).where(ServiceRecord.import_id == import_id)


def _reverse_points(import_id: int, *, by: Actor, at: datetime) -> None:
    records = db.session.scalars(
        select(ServiceRecord.id).where(ServiceRecord.import_id == import_id)
    ).all()
    reason = f"{_TAKEN_BACK}{import_id}"
    bulk_reversals.reverse_many("record", records, reason=reason, by=by, at=at)
    openings = db.session.scalars(
        select(OpeningPoints.id).where(OpeningPoints.import_id == import_id)
    ).all()
    bulk_reversals.reverse_many(OPENING, openings, reason=reason, by=by, at=at)


def _clear_shelf(import_id: int, stay: Rows, *, by: Actor, at: datetime) -> None:
    """Write the stock off; a gift without moves is deleted, the others are kept for their moves.

    A gift that was edited since stays offered, without this import's pieces.
    """
    brought = db.session.scalars(select(Gift).where(Gift.import_id == import_id)).all()
    for gift in brought:
        if gift.stock:
            reason = f"{_TAKEN_BACK}{import_id}"
            gifts.write_off(gift.id, gift.stock, reason, by=by, at=at)
        gift.import_id = None
        if gift.id not in stay["gifts"]:
            gift.state = "withdrawn"
            gift.version += 1
    db.session.flush()
    gone = {gift.id for gift in brought} - stay["gifts"]
    moved = select(StockMove.gift_id)
    run(delete(Gift).where(Gift.id.in_(gone), Gift.id.not_in(moved)))


def _let_stay(stay: Rows) -> None:
    """Detach what stays from the import."""
    for model in _BROUGHT:
        ids = stay.get(model.__tablename__)
        if ids:
            run(update(model).where(model.id.in_(ids)).values(import_id=None))


def _delete(row: Import, stay: Rows) -> None:
    _let_stay(stay)
    people = select(Volunteer.id).where(Volunteer.import_id == row.id)
    try:
        # The entries of the ledger stay; the account loses its owner.
        run(
            update(PointsAccount)
            .where(PointsAccount.volunteer_id.in_(people))
            .values(volunteer_id=None)
        )
        run(delete(Consent).where(Consent.volunteer_id.in_(people)))
        # What the night counts of them goes along.
        run(delete(LateChange).where(LateChange.volunteer_id.in_(people)))
        run(delete(Guardian).where(Guardian.volunteer_id.in_(people)))
        run(delete(SearchKey).where(SearchKey.volunteer_id.in_(people)))
        run(delete(Message).where(Message.volunteer_id.in_(people)))
        for model in _BROUGHT:
            run(delete(model).where(model.import_id == row.id))
        _delete_areas(row, stay["areas"])
    except IntegrityError as late:
        # Something was added that depends on it after the check above.
        raise ImportBuiltUpon(what=Phrase(JUST_NOW)) from late
    forget_rows([row.id])


def _delete_areas(row: Import, stay: set[int]) -> None:
    """Delete all areas in one statement; a root stays, empty, while a gift refers to it."""
    holding = select(Gift.area_id)
    going = Area.import_id == row.id, Area.id.not_in(holding), Area.id.not_in(stay)
    for model in (SheetMeaning, StepAside):
        run(delete(model).where(model.area_id.in_(select(Area.id).where(*going))))
    run(delete(Area).where(*going))
    run(update(Area).where(Area.import_id == row.id).values(import_id=None))
    db.session.expire_all()
    if row.area_id is not None and db.session.get(Area, row.area_id) is None:
        row.area_id = None
