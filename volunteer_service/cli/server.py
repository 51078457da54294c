"""``run`` and ``serve``: the demo town with everything around it, and the server alone."""

import os
import signal
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import Popen
from typing import Any, NoReturn
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

from volunteer_service import clock
from volunteer_service import server as serving
from volunteer_service.buffering_proxy import local_certificates
from volunteer_service.cli import demo
from volunteer_service.cli.shell import Sentence, opened, read_settings
from volunteer_service.cli.words import gettext as _
from volunteer_service.cli.words import language
from volunteer_service.settings import Settings
from volunteer_service.settings.hosts import is_loopback

_LAST_PORT = 65535
_host = click.option("--host", default="127.0.0.1", envvar="HOST", show_default=True)
_port = click.option(
    "--port", default=8000, envvar="PORT", type=click.IntRange(1, 65535), show_default=True
)


@click.command()
@_host
@_port
@click.option("--workers", type=click.IntRange(1, 64), help="Default: 1 on SQLite, else 2.")
def serve(host: str, port: int, workers: int | None) -> NoReturn:
    """Serve pages and API; the jobs are a process of their own (`jobs run`)."""
    settings = read_settings(**_reached(host, port))
    with opened(settings):
        _check_place(settings, host, port)
    _server(settings, host, port, workers).replace_us()


@click.command()
@_host
@_port
@click.option(
    "--https-port",
    envvar="HTTPS_PORT",
    type=click.IntRange(1, 65535),
    help="For phones in the network. Default: PORT + 443.",
)
def run(host: str, port: int, https_port: int | None) -> None:
    """Start everything at once: schema, demo town (when empty), jobs, server. Ctrl-C ends it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    # People look for the address here, not for a line of each request.
    own = _reached(host, port) | {"LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING")}
    settings = read_settings(**own)
    with opened(settings), ExitStack() as children:
        _check_place(settings, host, port)
        if settings.app_env == "demo":
            demo.seed_when_empty()
        https = _https(settings, host, https_port or port + 443)
        found = _server(settings, host, port)
        if https:
            own["LOCAL_HTTPS"] = https.url
            found = replace(found, https=(https.port, https.file))
        server = children.enter_context(found.beside_us(own))
        if not serving.wait_until_it_answers(host, port, server):
            raise Sentence(_("服务没有启动成功；原因见上。"))
        # Only now, because two processes that load at once are both slow.
        jobs = children.enter_context(serving.child("--lang", language(), "jobs", "run", env=own))
        _say_address(serving.address(host, port), https)
        if settings.app_env == "demo":
            demo.say_sign_ins()
        _watch({"serve": server, "jobs run": jobs})


@dataclass(frozen=True)
class _Https:
    port: int
    file: Path
    url: str


def _say_address(url: str, https: _Https | None) -> None:
    click.echo(_("服务地址：%(url)s （按 Ctrl-C 结束）", url=url))
    if https:
        click.echo(
            _(
                "手机要用摄像头：请先用手机打开 %(url)s/trust 信任一次，之后用 %(https)s",
                url=url,
                https=https.url,
            )
        )


def _https(settings: Settings, host: str, port: int) -> _Https | None:
    """Return where phones in the network find https; None where only this machine reaches it.

    A browser trusts ``localhost`` without https.
    """
    reached = urlsplit(serving.address(host, port)).hostname or ""
    if is_loopback(reached):
        return None
    if port > _LAST_PORT or not serving.is_free(host, port):
        raise Sentence(
            _(
                "不能使用端口 %(port)s（可能已被占用）。请换一个，例如 %(other)s。",
                port=port,
                other="HTTPS_PORT=9443",
            )
        )
    file = local_certificates.prepare(settings.local_certificates, reached, at=clock.now())
    return _Https(port, file, serving.address(host, port).replace("http://", "https://"))


def _watch(children: dict[str, Popen[bytes]]) -> NoReturn:
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                raise Sentence(_("“%(name)s”意外结束；原因见上。", name=name))
        time.sleep(0.5)


def _end(*_signal: Any) -> NoReturn:
    # A second Ctrl-C must not interrupt the shutdown.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


def _check_place(settings: Settings, host: str, port: int) -> None:
    if not serving.is_writable(settings.var_dir):
        raise Sentence(
            _("不能写入文件夹 %(path)s。请用 VAR_DIR 指定一个可写的文件夹。", path=settings.var_dir)
        )
    if not serving.is_free(host, port):
        raise Sentence(
            _(
                "不能使用端口 %(port)s（可能已被占用）。请换一个，例如 %(other)s。",
                port=port,
                other="--port 9000" if _is_typed("port") else "PORT=9000",
            )
        )


def _is_typed(name: str) -> bool:
    source = click.get_current_context().get_parameter_source(name)
    return source is ParameterSource.COMMANDLINE


def _reached(host: str, port: int) -> dict[str, str]:
    """Return the address that QR codes hold, where the environment names none; production must."""
    if os.environ.get("BASE_URL") or os.environ.get("APP_ENV") == "production":
        return {"HOST": host}
    return {"HOST": host, "BASE_URL": serving.address(host, port)}


def _server(settings: Settings, host: str, port: int, workers: int | None = None) -> serving.Server:
    # SQLite has one writer: a second worker would only queue behind the first.
    workers = workers or (1 if settings.is_sqlite else 2)
    return serving.Server(host, port, workers, settings.var_dir, settings.base_url)


COMMANDS = (run, serve)
