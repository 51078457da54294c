"""The migration of import changes: down with what was changed, up again with an empty table."""

from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from tests.workbooks import town
from tests.workbooks.test_changes import GIFTS, PEOPLE, STREET, XU, agreed, states
from volunteer_service.db import db, schema, transaction
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.workbooks.models import Import, ImportChange
from volunteer_service.workbooks.taking_back import undoing

#: The revision under the one that brought changes of lists.
BEFORE = "0026"


def lists(folder: Path, phone: str, name: str, price: int) -> Path:
    """A street's lists with one volunteer and one gift."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for heads, lines in STREET.items():
        page = book.create_sheet(str(len(book.worksheets)))
        page.append(heads)
        if heads == PEOPLE:
            page.append((name, XU, phone, *lines[0][3:]))
        elif heads == GIFTS:
            page.append(("毛巾", price, *lines[0][2:]))
        else:
            for line in lines:
                page.append(line)
    path = folder / f"{phone}.xlsx"
    book.save(path)
    return path


def test_what_lists_changed_goes_down_and_an_empty_table_comes_up(
    app: Flask, tmp_path: Path
) -> None:
    with app.app_context():
        with transaction():
            town.applied([lists(tmp_path, "17000000001", "许一", 5)])
            row = agreed(lists(tmp_path, "17000000099", "许一", 9))
            number = row.id
            assert states(row) == ["done", "done"]
            assert states(agreed(lists(tmp_path, "17000000099", "许依", 9))) == ["waiting"]
            histories = list(db.session.scalars(select(PersonChange.field)))
        schema.downgrade(db.engine, BEFORE)
        assert not inspect(db.engine).has_table("import_changes")
        schema.upgrade(db.engine)

        assert schema.differences(db.engine) == []
        with transaction():
            assert states(db.session.get_one(Import, number)) == []
            assert list(db.session.scalars(select(PersonChange.field))) == histories
            assert sorted(histories) == ["name", "phone"]
            (person,) = db.session.scalars(select(Volunteer))
            assert (person.phone, person.name) == ("17000000099", "许一")
            assert db.session.scalars(select(Gift.price_centi)).one() == 900
            # Without its changes an import takes back what it brought, and they stay.
            undoing.undo(number, by=town.SYSTEM, at=town.NOON)
            assert person.phone == "17000000099"
            town.healthy()


def test_a_change_that_came_up_has_its_guards(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        schema.downgrade(db.engine, BEFORE)
        schema.upgrade(db.engine)
        with transaction():
            town.applied([lists(tmp_path, "17000000001", "许一", 5)])
            row = agreed(lists(tmp_path, "17000000099", "许一", 5))
            assert states(row) == ["done"]
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(db.text("UPDATE import_changes SET state = 'lost'"))
        with transaction():
            (one,) = db.session.scalars(select(ImportChange))
            assert (one.kind, one.field, one.state) == ("volunteers", "phone", "done")
            sealed = db.session.scalar(db.text("SELECT now FROM import_changes"))
            assert b"17000000099" not in bytes(sealed)
