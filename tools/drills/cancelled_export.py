"""A million rows of the journal are exported and cancelled half-way; nothing of them stays.

    .venv/bin/python tools/drills/cancelled_export.py 1000000 csv

On SQLite in a folder of its own. The export runs in its thread as in the server; the drill reads
the progress, notes the memory of the process every tenth of a second, and cancels once half of the
rows are written. Prints one line of JSON; exit 1 where a file is left, the journal says that
something was exported, or the memory grew by more than 64 MB between a tenth of the rows and the
end.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from flask import Flask  # noqa: E402
from sqlalchemy import func, select, text  # noqa: E402

from tests import make  # noqa: E402
from volunteer_service import clock  # noqa: E402
from volunteer_service.app import create_app  # noqa: E402
from volunteer_service.db import db, schema, transaction  # noqa: E402
from volunteer_service.journal import Entry  # noqa: E402
from volunteer_service.lists import asking  # noqa: E402
from volunteer_service.lists.exports import kept_exports, writing_exports  # noqa: E402
from volunteer_service.lists.exports.export_models import ListExport  # noqa: E402
from volunteer_service.lists.registry import LISTS  # noqa: E402
from volunteer_service.people.authorization.actor import Actor  # noqa: E402
from volunteer_service.settings import Settings  # noqa: E402

MOST_GROWN_MB = 64
_ROWS = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)"
    " INSERT INTO journal (at, account_id, door, verb, subject_type, subject_id, facts)"
    " SELECT :at, :account, 'page', 'teams.edit', 'teams', 1, '{}' FROM n"
)


def _memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def _begun(app: Flask, rows: int, kind: str) -> tuple[int, Actor]:
    with app.app_context(), transaction():
        by = make.acting(make.cast().admin)
        at = make.MORNING.strftime("%Y-%m-%d %H:%M:%S.000000")
        db.session.execute(_ROWS, {"rows": rows, "at": at, "account": by.account_id})
    with app.test_request_context(), transaction():
        asked = asking.read(LISTS["journal"], {}, [], by=by)
        row = kept_exports.begin(asked, kind, {}, by=by, at=clock.now())
        writing_exports.go(row, by=by)
        return row.id, by


def _watched(app: Flask, export_id: int, by: Actor) -> dict[str, Any]:
    """Cancel the export half-way; return what was seen."""
    began, memory, written, total = time.monotonic(), [], 0, 1
    while written < total / 2:
        time.sleep(0.1)
        with app.app_context(), transaction(write=False):
            row = db.session.get_one(ListExport, export_id)
            written, total, state = row.written, row.total, row.state
        if state != "running":
            raise SystemExit(f"the export is {state} before half of it was written")
        if written > total / 10:
            memory.append(_memory_mb())
    with app.app_context(), transaction():
        kept_exports.cancel(export_id, by=by, at=clock.now())
    writing_exports.wait()
    seconds = time.monotonic() - began
    memory.append(_memory_mb())
    return {
        "rows": total,
        "written_when_cancelled": written,
        "seconds": round(seconds, 1),
        "memory_mb": [round(min(memory), 1), round(max(memory), 1)],
    }


def main(rows: int, kind: str) -> int:
    """Run the drill and print what was found."""
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = f"{folder}/temporary"
        Path(tempfile.tempdir).mkdir()
        app = create_app(Settings.from_env({"VAR_DIR": folder, "APP_ENV": "demo"}))
        with app.app_context():
            schema.upgrade(db.engine)
        found = _watched(app, *_begun(app, rows, kind))
        exported = select(func.count()).where(Entry.verb == "lists.export")
        with app.app_context(), transaction(write=False):
            found["journal"] = db.session.scalar(exported)
        kept = Path(folder) / "exports"
        found["files"] = len(list(kept.iterdir())) + len(list(Path(tempfile.tempdir).iterdir()))
        tempfile.tempdir = None
    print(json.dumps({"kind": kind} | found))
    grown = found["memory_mb"][1] - found["memory_mb"][0]
    return int(bool(found["files"] or found["journal"] or grown > MOST_GROWN_MB))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
