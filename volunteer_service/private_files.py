"""Files and folders that only the service's own user may read: databases, keys, uploads.

New files are private; looser rights of existing ones are tightened, or the caller is told why not.
"""

import os
import stat
from pathlib import Path

_OTHERS = 0o077

#: Entries of a folder that this service made; any other folder is left unchanged.
_OURS = frozenset(
    {"service.db", "secret_key", "personal_data_key", "imports", "exports", "metrics", "tls"}
)


def from_now_on() -> None:
    """Make every new file of this process, SQLite's included, private to its user."""
    os.umask(_OTHERS)


def tighten(path: Path) -> None:
    """Remove the rights of others from a file, if it exists; raise ``OSError`` if it is not
    ours.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)
    except FileNotFoundError:
        return


def folder(path: Path, *, is_ours: bool = False) -> None:
    """Make the folder for its owner only; one of our own making that is looser is tightened.

    A folder that holds other things (``VAR_DIR=/srv``) stays as it is: its files are private.
    """
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif is_ours or _looks_ours(path):
        tighten(path)


def write_once(path: Path, text: str) -> str:
    """Return the text of the file; ``text`` is written first where there is no such file yet."""
    folder(path.parent)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        tighten(path)
    else:
        with os.fdopen(handle, "w") as file:
            file.write(text)
    return path.read_text().strip()


def _looks_ours(path: Path) -> bool:
    if path.stat().st_mode & stat.S_ISVTX:
        return False
    names = {each.name for each in path.iterdir()}
    return not names or bool(names & _OURS)
