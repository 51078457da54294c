"""Which codes an event accepts: all, all but the poster, or what a leader scans alone.

The poster deserves the least trust, because a photo of it works anywhere. A leader's tick on the
roster is always accepted: nobody is sent home because a code is missing.
"""

from typing import Final

from volunteer_service.attendance.check_ins import refusals

#: ``Event.accepted_codes`` -> the sources of a scan (``Scan.source``) that the event refuses.
REFUSED_SOURCES: Final[dict[str, frozenset[str]]] = {
    "all": frozenset(),
    "live": frozenset({"poster"}),
    "leader": frozenset({"poster", "screen", "spoken"}),
}


def need_accepted(accepted_codes: str, source: str) -> None:
    """Refuse a scan of a source that the event does not accept, in or out.

    Raises:
        PosterNotAccepted: The event takes the screen's code, the leader's digits and cards.
        LeaderChecksIn: Only what a leader scans or ticks counts.
    """
    if source not in REFUSED_SOURCES[accepted_codes]:
        return
    if accepted_codes == "leader":
        raise refusals.LeaderChecksIn()
    raise refusals.PosterNotAccepted()
