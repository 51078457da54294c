"""What no door took, as a list of staff: for who has the whole service in care, sent again many
at once.
"""

import pytest

from tests import make, make_deliveries
from tests.lists.test_acts import begun, run
from tests.make import acting
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.lists import asking, reading, registry
from volunteer_service.lists.acts import batches
from volunteer_service.outbox.models import Delivery

LIST = registry.LISTS["deliveries"]


def test_dead_letters_are_sent_again_many_at_once_and_what_is_not_dead_says_why(
    session: None,
) -> None:
    cast = make.cast()
    by = acting(cast.admin)
    first, second = (make_deliveries.dead_letter(cast) for _ in range(2))
    sent = make_deliveries.dead_letter(cast)
    db.session.get_one(Delivery, sent).state = "sent"
    row = begun(by, "deliveries", "send_again", [first, second, sent])
    assert batches.counted(row) == {"fit": 2, "unfit": 1}
    [left] = batches.rows_of(row, "unfit", limit=9)
    assert left.trouble is not None
    assert (left.row_id, left.trouble["code"]) == (sent, "not_dead")
    run(row, by)
    states = [db.session.get_one(Delivery, id_).state for id_ in (first, second, sent)]
    assert states == ["waiting", "waiting", "sent"]


def test_dead_letters_are_given_up_many_at_once(session: None) -> None:
    cast = make.cast()
    by = acting(cast.admin)
    letter = make_deliveries.dead_letter(cast)
    run(begun(by, "deliveries", "give_up", [letter]), by)
    assert db.session.get_one(Delivery, letter).state == "given_up"


def test_an_admin_of_one_of_two_streets_sees_none_and_others_have_no_such_list(
    session: None,
) -> None:
    cast = make.cast()
    make_deliveries.dead_letter(cast)
    by = acting(cast.admin)
    assert reading.count(asking.read(LIST, {}, [], by=by)).count == 1
    make.area("另一街道")
    assert reading.count(asking.read(LIST, {}, [], by=by)).count == 0
    with pytest.raises(NotFound):
        registry.open_to("deliveries", by=acting(cast.coordinator))
