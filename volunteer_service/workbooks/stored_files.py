"""The workbooks of an import on disk, outside the web root, and the progress of a running step.

``VAR_DIR/imports/<id>/`` is readable by the service's own user only, and emptied when the import is
applied, because the database then has the content, with personal data sealed.
"""

import errno
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any

from volunteer_service import private_files, settings
from volunteer_service.errors import Phrase
from volunteer_service.workbooks.reading import other_files
from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.books import SUFFIXES
from volunteer_service.workbooks.refusals import (
    FilesChanged,
    FilesGone,
    StorageFull,
    WorkbookTooBig,
)

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]+')
_LONGEST_NAME = 60
_PIECE = 1024 * 1024
#: A step without progress for so many seconds has died with its process.
STALLED_AFTER = 60


@dataclass(frozen=True)
class Upload:
    """One file as it is handed in."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True)
class Progress:
    """The progress of a running step: rows done, rows in all (0: not known yet)."""

    step: str
    done: int
    total: int


def save(import_id: int, uploads: Sequence[Upload]) -> list[Path]:
    """Store the files under safe and different names; refuse a too large one by name."""
    folder = folder_of(import_id)
    # An import that was rolled back may have left files under the same id.
    remove(import_id)
    paths: list[Path] = []
    with told_when_full():
        make_folder(folder)
        for upload in uploads:
            path = folder / _free_name(upload.name, {path.name for path in paths})
            _copy(upload, path)
            paths.append(path)
    return paths


def paths_of(import_id: int, files: Sequence[dict[str, Any]]) -> list[Path]:
    """Return the paths of the files, whose bytes are those that were handed in.

    :class:`FilesGone` when they were cleared, :class:`FilesChanged` where one is another one now.
    """
    paths = [folder_of(import_id) / file["name"] for file in files]
    if not all(path.is_file() for path in paths):
        raise FilesGone()
    for path, file in zip(paths, files, strict=True):
        if facts_of(path)["sha256"] != file["sha256"]:
            raise FilesChanged(file=path.name)
    return paths


def are_here(import_id: int, files: Sequence[dict[str, Any]]) -> bool:
    """Tell whether the files are stored as they were handed in."""
    try:
        paths_of(import_id, files)
    except (FilesGone, FilesChanged):
        return False
    return True


def facts_of(path: Path) -> dict[str, Any]:
    """Return name, size and hash of a stored file."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "size": path.stat().st_size, "sha256": digest}


def remove(import_id: int) -> None:
    """Remove everything that is stored of an import."""
    shutil.rmtree(folder_of(import_id), ignore_errors=True)


@contextmanager
def told_when_full() -> Iterator[None]:
    """Refuse with a sentence if the disk, or the service's share of it, is full."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StorageFull() from error
        raise


@contextmanager
def dropped_if_refused(import_id: int) -> Iterator[None]:
    """Remove what is stored if the block raises, because nobody could reach it any more."""
    try:
        yield
    except BaseException:
        remove(import_id)
        raise


def tell(import_id: int, progress: Progress) -> None:
    """Write the progress of a step; a reader sees the whole of it or of the one before."""
    folder = folder_of(import_id)
    make_folder(folder)
    part = folder / "progress.part"
    part.write_text(json.dumps([progress.step, progress.done, progress.total]))
    part.replace(folder / "progress.json")


def told(import_id: int, *, at: datetime) -> Progress | None:
    """Return the progress of the running step; None where none moved within
    :data:`STALLED_AFTER`.
    """
    path = folder_of(import_id) / "progress.json"
    try:
        if at.timestamp() - path.stat().st_mtime > STALLED_AFTER:
            return None
        return Progress(*json.loads(path.read_text()))
    except OSError:
        return None


def folder_of(import_id: int) -> Path:
    """Return the folder of an import."""
    return settings.current().var_dir / "imports" / str(import_id)


def make_folder(folder: Path) -> None:
    """Make a folder of the imports for the service's own user only."""
    # Path.mkdir gives its mode to the last folder only.
    private_files.folder(folder.parents[1])
    for each in (folder.parent, folder):
        private_files.folder(each, is_ours=True)


def need_fitting(name: str, size: int) -> None:
    """Refuse a file that is larger than a list may be."""
    most = Limits().file_bytes
    if size > most:
        what = Phrase("文件超过 %(most)s MB", most=most // _PIECE)
        raise WorkbookTooBig(file=name, what=what)


def plain_name(name: str) -> str:
    """Return the name of an upload without folders and signs; refuses what no list is called."""
    plain = _NOT_IN_NAMES.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")
    stem, dot, suffix = plain.rpartition(".")
    suffix = suffix.lower()
    if not dot or suffix not in SUFFIXES:
        raise other_files.refusal_by_name(plain[:_LONGEST_NAME] or "?")
    return f"{stem[:_LONGEST_NAME]}.{suffix}"


def _copy(upload: Upload, path: Path) -> None:
    # From its beginning, because a transaction that runs again has read it before.
    upload.stream.seek(0)
    size = 0
    with path.open("xb") as file:
        while piece := upload.stream.read(_PIECE):
            size += len(piece)
            need_fitting(path.name, size)
            file.write(piece)


def _free_name(name: str, taken: set[str]) -> str:
    free = name = plain_name(name)
    stem, _, suffix = name.rpartition(".")
    number = 1
    while free in taken:
        number += 1
        free = f"{stem} ({number}).{suffix}"
    return free
