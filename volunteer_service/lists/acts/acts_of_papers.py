"""Papers of many people: printed as one batch, of which one file is made."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from volunteer_service.certificates import bulk_papers, printing
from volunteer_service.lists.acts.declaration import Act, Asked, Values
from volunteer_service.people.authorization.actor import Actor


def _print(id_: int, values: Values, by: Actor, at: datetime) -> None:
    printing.print_paper(id_, reason=values.get("reason"), by=by, at=at)


PRINT = Act(
    name="print_papers",
    label=_l("打印证书"),
    roles=("coordinator",),
    work=_print,
    asks=(
        Asked(
            name="reason",
            label=_l("再打印的原因"),
            kind="reason if any",
            hint=_l("第一次打印不用填。以前打印过的，写明原因才会再打印。"),
        ),
    ),
    most=bulk_papers.MOST,
    gives_papers=True,
)
