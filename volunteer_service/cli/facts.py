"""``version`` and ``settings check``: what runs here, and whether its settings work."""

from importlib.metadata import version as installed

import click
from sqlalchemy.engine import make_url

from volunteer_service.cli.shell import opened, read_settings
from volunteer_service.cli.words import gettext as _


@click.command()
def version() -> None:
    """Print the version."""
    click.echo(installed("volunteer_service"))


@click.group()
def settings() -> None:
    """The settings from the environment."""


@settings.command()
def check() -> None:
    """Read every setting; exit 1 and name the first bad one. Secrets are not shown."""
    found = read_settings()
    with opened(upgraded=False):
        click.echo(_("设置都可用。"))
    click.echo(f"APP_ENV={found.app_env}")
    click.echo(f"DATABASE_URL={make_url(found.database_url).render_as_string(hide_password=True)}")
    click.echo(f"BASE_URL={found.base_url}")
    click.echo(f"VAR_DIR={found.var_dir}")


COMMANDS = (version, settings)
