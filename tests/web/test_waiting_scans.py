"""The confirming leader sees the scans of each waiting record without opening it."""

from datetime import timedelta

from tests import make
from tests.make_attendance import scan
from tests.signing import sign_in
from volunteer_service import clock
from volunteer_service.attendance import closing
from volunteer_service.attendance.check_ins import check_in
from volunteer_service.db import db, transaction


def test_waiting_records_show_in_and_out_and_by_whom(app, client) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        begins = clock.now() - timedelta(days=1)
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=begins)
        by = make.acting(cast.li_mei)
        for person in (cast.wang, cast.zhao):
            make.sign_up(event, person)
        scan(event, cast.wang, 3)
        scan(event, cast.wang, 118)
        facts = {"volunteer_id": cast.zhao.id, "by": by}
        check_in.tick(event.id, kind="in", scan_id="tick-in-1", at=begins, **facts)
        check_in.tick(event.id, kind="out", scan_id="tick-out-1", at=event.ends_at, **facts)
        db.session.flush()
        closing.close(event.id, by=by, at=event.ends_at)
        name = cast.li_mei.name
    sign_in(client, "limei")
    text = client.get("/records/waiting").get_data(as_text=True)
    assert text.count("签到，扫海报") == 1
    assert text.count("签退，扫海报") == 1
    assert text.count(f"签到，{name} 代登") == 1
    assert text.count(f"签退，{name} 代登") == 1
