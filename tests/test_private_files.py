"""Files on the disk are readable by the service's own user only: database, write-ahead log, keys,
uploads.
"""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from volunteer_service import private_files
from volunteer_service.db import db
from volunteer_service.workbooks import stored_files

#: What an operator's shell has: everybody may read what is made.
OPEN = 0o022


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def loose(folder: Path) -> dict[str, str]:
    """Everything below that others may read, write or open."""
    return {
        str(path.relative_to(folder)): oct(mode(path))
        for path in [folder, *folder.rglob("*")]
        if mode(path) & 0o077
    }


def run(script: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The script in a process of its own, whose shell makes files for everybody."""
    return subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | env,
        umask=OPEN,
        capture_output=True,
        text=True,
        check=False,
    )


WRITE = """
from volunteer_service.app import create_app
from volunteer_service.db import db, schema, transaction
from volunteer_service.server import Server
from pathlib import Path
import os
app = create_app()
Server("127.0.0.1", 8000, 1, app.extensions["settings"].var_dir, "")._prepared()
with app.app_context():
    schema.upgrade(db.engine)
    with transaction():
        db.session.execute(db.text("UPDATE policies SET version = version WHERE false"))
        print(sorted(each.name for each in app.extensions["settings"].var_dir.iterdir()))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder that the service made, and the names that were in it while it was open."""
    var = tmp_path_factory.mktemp("made") / "var"
    done = run(WRITE, {"VAR_DIR": str(var), "APP_ENV": "demo"})
    assert done.returncode == 0, done.stderr
    return var, done.stdout


@pytest.fixture
def var(made: tuple[Path, str], tmp_path: Path) -> Path:
    """That folder for a test that changes it; a copy keeps who may read."""
    return Path(shutil.copytree(made[0], tmp_path / "var"))


def test_database_log_turnstile_and_keys_are_made_private(made: tuple[Path, str]) -> None:
    var, names = made
    for name in ("service.db", "service.db-wal", "service.db-shm", "service.db.turnstile"):
        assert f"'{name}'" in names
    assert {"secret_key", "personal_data_key", "metrics"} <= {p.name for p in var.iterdir()}
    assert loose(var) == {}


def test_what_an_older_version_left_open_is_tightened(var: Path) -> None:
    env = {"VAR_DIR": str(var), "APP_ENV": "demo"}
    for path in [var, *var.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    (var / "service.db.jobs").touch(0o644)
    assert run(WRITE, env).returncode == 0
    assert loose(var) == {}


def test_a_folder_of_others_is_left_and_its_files_are_private(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    tmp_path.chmod(0o755)
    private_files.folder(tmp_path)
    assert mode(tmp_path) == 0o755
    assert private_files.write_once(tmp_path / "key", "drawn") == "drawn"
    assert private_files.write_once(tmp_path / "key", "again") == "drawn"
    assert mode(tmp_path / "key") == 0o600


def test_uploads_are_private(app, tmp_path: Path) -> None:
    with app.app_context():
        folder = stored_files.folder_of(7)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        stored_files.tell(7, stored_files.Progress("preview", 1, 2))
        assert mode(folder) == mode(folder.parent) == 0o700
        assert mode(folder / "progress.json") == 0o600
        stored_files.remove(7)


def test_a_database_that_stays_open_is_refused_in_a_sentence(app, var: Path) -> None:
    path = var / "service.db"
    path.chmod(0o644)
    script = """
import pathlib
from volunteer_service.cli import main
def chmod(self, mode): raise PermissionError(1, "Operation not permitted")
pathlib.Path.chmod = chmod  # what the system says where the file is another user's
main(["--lang", "en", "db", "current"])
"""
    done = run(script, {"VAR_DIR": str(var), "APP_ENV": "demo"})
    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL: ")
    assert done.stderr.count("\n") == 1
    assert mode(path) == 0o644


def test_the_suite_s_database_is_private_too(app) -> None:
    with app.app_context():
        db.session.execute(db.text("SELECT 1"))
        if db.engine.dialect.name == "sqlite":
            assert mode(Path(str(db.engine.url.database))) == 0o600
