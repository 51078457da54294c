"""``volunteer-service``: every command calls one verb and reports the result in one sentence."""

import click

from volunteer_service.cli import (
    accounts,
    certificates,
    database,
    demo,
    facts,
    figures,
    imports,
    jobs,
    keys,
    ledger,
    profiles,
    ratings,
    server,
)
from volunteer_service.cli.usage import Commands


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language; default from LANG.")
def main(lang: str | None) -> None:
    """A community's volunteer work as trusted hours, stars and points."""


_MODULES = (
    server,
    jobs,
    imports,
    profiles,
    ratings,
    certificates,
    keys,
    figures,
    ledger,
    database,
    accounts,
    demo,
    facts,
)
for module in _MODULES:
    for command in module.COMMANDS:
        main.add_command(command)
