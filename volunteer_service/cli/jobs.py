"""``jobs``: run them as a process, run one now, list their state."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from volunteer_service import clock, job_runs, settings
from volunteer_service import jobs as work
from volunteer_service.cli.shell import Sentence, opened, say_json, working
from volunteer_service.cli.words import gettext as _
from volunteer_service.jobs import process


@click.group()
def jobs() -> None:
    """The scheduled work of the service."""


@jobs.command("run")
def run_all() -> None:
    """Run the jobs until Ctrl-C; a second such process waits for the first one to end."""
    with opened() as app:
        words = {
            "started": _("任务进程已开始。"),
            "waiting": _("另一个任务进程正在运行；它结束后由本进程接手。"),
            "away": _("数据库连不上，任务进程在等它；恢复后自动继续。"),
        }

        stopped = process.Stopped()
        stopped.on_signals()
        process.run(app, stopped, lambda word: click.echo(words[word], err=True))


@jobs.command("once")
@click.argument("name")
def once(name: str) -> None:
    """Run the job NAME now; exit 1 if it fails."""
    with opened():
        run = work.run_job(name, at=clock.now())
        say_json({"name": name, "outcome": run.outcome, "result": run.result})
        if run.outcome != "done":
            raise Sentence(_("任务“%(name)s”没有完成。", name=name))


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def list_all(as_json: bool) -> None:
    """List the next and last run of each job and its result."""
    with working(write=False):
        found = job_runs.standings(list(work.JOBS))
        last = job_runs.last_beat()
        if as_json:
            say_json({"heartbeat_at": _iso(last), "jobs": [_plain(each) for each in found]})
            return
        for each in found:
            click.echo(_line(each))
        alive = job_runs.is_alive(at=clock.now())
        click.echo(_("任务进程正在运行。") if alive else _("没有任务进程在运行。"))


def _plain(standing: job_runs.Standing) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(standing).items()
    }


def _line(standing: job_runs.Standing) -> str:
    facts = " ".join(f"{name}={value}" for name, value in standing.result.items())
    coming, last = _("下次"), _("上次")
    return (
        f"{standing.name:<14} {coming} {_local(standing.next_at)}  "
        f"{last} {_local(standing.finished_at)}  {standing.outcome or '-'}  {facts}"
    ).rstrip()


def _local(at: datetime | None) -> str:
    return f"{at.astimezone(settings.current().zone):%Y-%m-%d %H:%M:%S}" if at else f"{'-':<19}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


COMMANDS = (jobs,)
