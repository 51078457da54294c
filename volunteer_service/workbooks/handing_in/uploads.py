"""Uploads that resume after a lost connection: a file arrives in pieces, and the server tells the
progress.

``VAR_DIR/imports/uploads/<key>/`` has the pieces in ``data`` and the announcement of the file in
``upload.json``. The progress of an upload is the size of ``data``: a process that is killed in the
middle of a piece loses nothing that it wrote, and a client that resumes asks first. Only the
account that began an upload sees it. Uploads that are not handed in within a day are deleted.
"""

import fcntl
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO

from volunteer_service import bounds, private_files, settings
from volunteer_service.db import after_commit
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import receiving, stored_files
from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.refusals import (
    UploadBusy,
    UploadGone,
    UploadHarmed,
    UploadOffset,
    UploadUnfinished,
)

#: Number of the format of ``upload.json``.
FORMAT = 1
KEPT_FOR = timedelta(days=1)
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class Unfinished:
    """One unfinished file: how many bytes are here, of how many."""

    key: str
    name: str
    length: int
    offset: int
    sha256: str | None
    account_id: int | None
    began_at: datetime

    @property
    def is_whole(self) -> bool:
        """Tell whether every byte is here."""
        return self.offset == self.length

    @property
    def path(self) -> Path:
        """Return the path of its bytes."""
        return _folder(self.key) / "data"


def begin_upload(
    name: str, length: int, *, sha256: str | None = None, by: Actor, at: datetime
) -> Unfinished:
    """Create an upload of a file of this name and length, without content yet.

    An account may have as many as one hand-in has files; beyond that the oldest is deleted.
    """
    receiving.need_street(by)
    name = stored_files.plain_name(name)
    stored_files.need_fitting(name, length)
    bounds.whole(length, 1, Limits().file_bytes, "Upload-Length")
    drop_old_uploads(at=at)
    own = sorted(_of_account(by.account_id), key=lambda one: one.began_at)
    for one in own[: max(len(own) - receiving.MOST_FILES + 1, 0)]:
        _remove(one.key)
    made = Unfinished(secrets.token_urlsafe(16), name, length, 0, sha256, by.account_id, at)
    with stored_files.told_when_full():
        stored_files.make_folder(_root())
        private_files.folder(_folder(made.key), is_ours=True)
        made.path.touch(mode=0o600)
        said = [FORMAT, name, length, sha256, by.account_id, at.isoformat()]
        (_folder(made.key) / "upload.json").write_text(json.dumps(said))
    return made


def upload_so_far(key: str, *, by: Actor) -> Unfinished:
    """Return how far an upload of one's own is."""
    found = _found(key)
    if found is None or found.account_id != by.account_id:
        raise UploadGone()
    return found


def add_piece(key: str, offset: int, piece: bytes, *, by: Actor) -> Unfinished:
    """Append a piece to an upload; ``offset`` is the end as the sender knows it.

    A piece that is here already is refused with the offset from which to resume, and so is data
    beyond the announced length. Of two senders of one upload, one waits.
    """
    receiving.need_street(by)
    with _held(upload_so_far(key, by=by)) as file:
        have = file.seek(0, 2)
        length = upload_so_far(key, by=by).length
        if offset != have or have + len(piece) > length:
            raise UploadOffset(have=have, said=offset, length=length)
        with stored_files.told_when_full():
            file.write(piece)
            file.flush()
    return upload_so_far(key, by=by)


def drop_upload(key: str, *, by: Actor) -> None:
    """Drop an upload of one's own."""
    _remove(upload_so_far(key, by=by).key)


@contextmanager
def whole_uploads(keys: Sequence[str], *, by: Actor) -> Iterator[list[stored_files.Upload]]:
    """Return uploads of one's own as files to hand in; refuse unfinished or damaged ones.

    They are deleted once the transaction that hands them in is committed.
    """
    opened: list[stored_files.Upload] = []
    try:
        for one in [upload_so_far(key, by=by) for key in dict.fromkeys(keys)]:
            if not one.is_whole:
                raise UploadUnfinished(file=one.name)
            if one.sha256 and stored_files.facts_of(one.path)["sha256"] != one.sha256:
                raise UploadHarmed(file=one.name)
            opened.append(stored_files.Upload(one.name, one.path.open("rb")))
        yield opened
    finally:
        for upload in opened:
            upload.stream.close()
    for key in keys:
        after_commit(partial(_remove, key))


def drop_old_uploads(*, at: datetime) -> int:
    """Delete everybody's uploads that were begun more than a day ago; return how many."""
    old = [one.key for one in _all() if one.began_at < at - KEPT_FOR]
    for key in old:
        _remove(key)
    return len(old)


def _root() -> Path:
    return settings.current().var_dir / "imports" / "uploads"


def _folder(key: str) -> Path:
    return _root() / key


def _found(key: str) -> Unfinished | None:
    # A key is part of a path, so only keys of our form are looked up.
    if not _KEY.fullmatch(key):
        return None
    folder = _folder(key)
    try:
        number, name, length, digest, account_id, began_at = json.loads(
            (folder / "upload.json").read_text()
        )
        offset = (folder / "data").stat().st_size
    except (OSError, ValueError):
        # Gone, or its process was killed while it was begun.
        return None
    if number != FORMAT:
        return None
    return Unfinished(
        key, name, length, offset, digest, account_id, datetime.fromisoformat(began_at)
    )


def _all() -> Iterator[Unfinished]:
    root = _root()
    if root.is_dir():
        yield from filter(None, (_found(path.name) for path in root.iterdir()))


def _of_account(account_id: int | None) -> list[Unfinished]:
    return [one for one in _all() if one.account_id == account_id]


def _remove(key: str) -> None:
    shutil.rmtree(_folder(key), ignore_errors=True)


@contextmanager
def _held(upload: Unfinished) -> Iterator[IO[bytes]]:
    """Open it for one writer; of two at once the second is refused and asks again."""
    try:
        file = upload.path.open("r+b", buffering=0)
    except FileNotFoundError:
        raise UploadGone() from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadBusy() from None
        yield file
