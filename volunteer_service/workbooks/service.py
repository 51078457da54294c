"""The verbs of imports by the names that the rims and the command line call them."""

from volunteer_service.workbooks.applying import apply, approve, begin
from volunteer_service.workbooks.approval_requests import ask, refuse, withdraw
from volunteer_service.workbooks.import_detail import Detail, detail
from volunteer_service.workbooks.import_lists import (
    KINDS,
    Standing,
    imports,
    refused_rows,
    refused_workbook,
    standing,
    standing_of,
)
from volunteer_service.workbooks.models import STATES
from volunteer_service.workbooks.outcome import import_now
from volunteer_service.workbooks.receiving import drop_old, preview, receive
from volunteer_service.workbooks.storage import Upload
from volunteer_service.workbooks.undoing import blockers, discard, undo

__all__ = [
    "KINDS",
    "STATES",
    "Detail",
    "Standing",
    "Upload",
    "apply",
    "approve",
    "ask",
    "begin",
    "blockers",
    "detail",
    "discard",
    "drop_old",
    "import_now",
    "imports",
    "preview",
    "receive",
    "refuse",
    "refused_rows",
    "refused_workbook",
    "standing",
    "standing_of",
    "undo",
    "withdraw",
]
