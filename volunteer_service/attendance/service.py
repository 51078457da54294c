"""The verbs of attendance: ``from volunteer_service.attendance import service as attendance``."""

from volunteer_service.attendance.backfill import (
    Backfill,
    approve_backfill,
    backfill,
    why_not_approved,
)
from volunteer_service.attendance.check_in import (
    Look,
    look,
    numbered,
    scan,
    scanned_event,
    tick,
)
from volunteer_service.attendance.check_out_undo import stay, take_back_check_out, worth_so_far
from volunteer_service.attendance.closing import Closed, close
from volunteer_service.attendance.complaints import (
    complain,
    complaint,
    complaints_of,
    decide_complaint,
    note_reply,
    reply,
    told_in_person,
    why_not_decide,
)
from volunteer_service.attendance.disputes import decide_dispute, dispute
from volunteer_service.attendance.hours_summary import Hours, hours_of
from volunteer_service.attendance.overdue_closing import close_due
from volunteer_service.attendance.record_decisions import (
    confirm,
    decide_waiting,
    evaluate,
    refuse,
    set_end,
)
from volunteer_service.attendance.record_lists import (
    DisputeFilter,
    RecordFilter,
    disputes,
    listing,
    records_of,
)
from volunteer_service.attendance.rosters import (
    Explanation,
    Roster,
    explain,
    may_decide,
    record_of,
    roster,
)
from volunteer_service.attendance.scan_log import ScanOutcome

__all__ = [
    "Backfill",
    "Closed",
    "DisputeFilter",
    "Explanation",
    "Hours",
    "Look",
    "RecordFilter",
    "Roster",
    "ScanOutcome",
    "approve_backfill",
    "backfill",
    "close",
    "close_due",
    "complain",
    "complaint",
    "complaints_of",
    "confirm",
    "decide_complaint",
    "decide_dispute",
    "decide_waiting",
    "dispute",
    "disputes",
    "evaluate",
    "explain",
    "hours_of",
    "listing",
    "look",
    "may_decide",
    "note_reply",
    "numbered",
    "record_of",
    "records_of",
    "refuse",
    "reply",
    "roster",
    "scan",
    "scanned_event",
    "set_end",
    "stay",
    "take_back_check_out",
    "tick",
    "told_in_person",
    "why_not_approved",
    "why_not_decide",
    "worth_so_far",
]
