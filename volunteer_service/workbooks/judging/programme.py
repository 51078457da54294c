"""Reads a street's workbooks and judges every row: pure, streaming, the same for preview and apply.

Files may come in any order and under any names; they are judged in the order in which they build
on each other (areas, teams, roster, log, gifts), so each row sees what the rows before it brought.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from volunteer_service.scoring.rules.policy import Policy
from volunteer_service.workbooks.judging import (
    areas,
    gifts,
    lengths,
    service_log,
    teams,
    volunteers,
)
from volunteer_service.workbooks.judging.known import Known, Sofar
from volunteer_service.workbooks.judging.rows import Refusal, RefusedRow, Taken
from volunteer_service.workbooks.judging.tally import Tally
from volunteer_service.workbooks.reading import headers
from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.sheets import Line, Workbook


class Judge(Protocol):
    """Judges the lines of one kind; raises :class:`rows.Refusal` for a row it does not take."""

    def judge(self, line: Line) -> Taken:
        """Take the row or raise."""


_JUDGES: dict[str, Callable[[Sofar, date], Judge]] = {
    "areas": areas.Judge,
    "teams": teams.Judge,
    "volunteers": volunteers.Judge,
    "service_log": service_log.Judge,
    "gifts": gifts.Judge,
}


@dataclass
class Programme:
    """One hand-in. Iterating (once) gives each row's outcome and fills ``tally``.

    Who may stop before the last row closes the iterator: the keys of the run are dropped by then.
    """

    paths: Sequence[Path]
    known: Known
    key_of: Callable[[str], str]
    today: date
    #: The numbers that hold on that day.
    policy: Policy
    limits: Limits = field(default_factory=Limits)
    tally: Tally = field(init=False)
    #: The files, with the header of each sheet; a file that cannot be read is refused at once.
    books: list[Workbook] = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(self.policy)
        self.books = [Workbook(path, self.limits) for path in self.paths]

    def __iter__(self) -> Generator[Taken | RefusedRow, None, None]:
        with Sofar(self.known, self.key_of) as sofar:
            for kind in headers.KINDS:
                judge = _JUDGES[kind.name](sofar, self.today)
                for book in self.books:
                    yield from self._judge(judge, book.lines(kind))
            self.tally.people_sharing_a_phone = sofar.sharing_a_phone()
            self.tally.people_with_hours = sofar.people_with_records()

    def _judge(self, judge: Judge, lines: Iterable[Line]) -> Iterator[Taken | RefusedRow]:
        for line in lines:
            outcome = _outcome(judge, line)
            self.tally.add(outcome)
            yield outcome


def _outcome(judge: Judge, line: Line) -> Taken | RefusedRow:
    try:
        lengths.check(line)
        return judge.judge(line)
    except Refusal as refusal:
        return line.refused(refusal)
