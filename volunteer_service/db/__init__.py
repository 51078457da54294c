"""The database: base class, column types, and the transaction.

The edge (a request, a command, a job) owns the transaction: leaving :func:`transaction` commits,
raising rolls back. Verbs only flush. Work that must happen once the commit is safe uses
:func:`after_commit`; what must be kept of a refusal uses :func:`after_rollback`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON as _JSON
from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import ColumnProperty, DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from volunteer_service import bounds, crypto
from volunteer_service.db.retry import is_away
from volunteer_service.errors import Away, NotFound

#: Values in one IN list: SQLite takes 32,766 parameters, PostgreSQL 65,535.
_LIST = 5000

#: True while the running transaction means to write; the SQLite engine begins IMMEDIATE then.
writing: ContextVar[bool] = ContextVar("writing", default=True)

#: True while a transaction may sort more than memory should hold: SQLite sorts on disk then.
sorts_on_disk: ContextVar[bool] = ContextVar("sorts_on_disk", default=False)

Identity = BigInteger().with_variant(Integer, "sqlite")
JSON = _JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware datetimes only, UTC in the database, UTC when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values, because without an offset nobody knows which instant is meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware value in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(TypeDecorator[str]):
    """Personal text, encrypted at rest; ``about`` binds the value to its column."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal on the way in."""
        return None if value is None else crypto.vault().seal(value, self.about)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open on the way out."""
        return None if value is None else crypto.vault().unseal(value, self.about)


class SealedBytes(TypeDecorator[bytes]):
    """As :class:`Sealed`, for a file."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Seal on the way in."""
        return None if value is None else crypto.vault().seal_bytes(value, self.about)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Open on the way out."""
        return None if value is None else crypto.vault().unseal_bytes(value, self.about)


class Base(DeclarativeBase):
    """The base of every table; constraints are named so that migrations find them on both
    databases.
    """

    registry = registry(
        type_annotation_map={
            datetime: UtcDateTime(),
            date: Date(),
            dict[str, Any]: JSON,
            list[Any]: JSON,
        }
    )
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _hold_to_its_column(_model: type[Base], field: str, attribute: Any) -> None:
    """Refuse what a column cannot hold as soon as it is set, because SQLite would take any
    length.
    """
    if not isinstance(attribute.property, ColumnProperty):
        return
    check = bounds.of_column(attribute.property.columns[0].type, field)
    if check is not None:
        event.listen(attribute, "set", lambda _row, value, _old, _by: check(value))


db = SQLAlchemy(model_class=Base)

#: The INSERTs that support ON CONFLICT, by the name of the dialect.
INSERTS: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

V = TypeVar("V")
T = TypeVar("T")


def insert_new(model: type[Base]) -> Any:
    """Return an INSERT into the model's table that supports ON CONFLICT on the database in use."""
    return INSERTS[db.engine.dialect.name](model)


def in_lists(values: Iterable[V]) -> Iterator[Sequence[V]]:
    """Yield the values in lists that fit one statement."""
    found = list(values)
    for start in range(0, len(found), _LIST):
        yield found[start : start + _LIST]


def fit(model: type[Base], **values: Any) -> dict[str, Any]:
    """Return ``values`` for a statement of its own, each checked against its column."""
    columns = model.__table__.c
    for field, value in values.items():
        check = bounds.of_column(columns[field].type, field)
        if check is not None:
            check(value)
    return values


def fetch(model: type[T], id_: int, *, lock: bool = False) -> T:
    """Return the row with this id or raise :class:`NotFound`; ``lock`` reads it again and locks
    it.
    """
    # Beyond 64 bits the driver would raise instead of finding nothing.
    row = None
    if 0 < id_ < 2**63:
        if lock:
            # Reading it again would drop what this transaction has not written yet.
            db.session.flush()
        row = db.session.get(model, id_, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise NotFound()
    return row


@contextmanager
def known_outcome() -> Iterator[None]:
    """Raise :class:`Away` where the connection is lost in this block, because the work must not run
    again.
    """
    try:
        yield
    except DBAPIError as error:
        if is_away(error):
            raise Away() from error
        raise


@contextmanager
def transaction(*, write: bool = True, on_disk: bool = False) -> Iterator[None]:
    """Commit on return, roll back on an exception; the only place that does either.

    ``on_disk`` is for work that sorts too much for memory.
    """
    token, sorting = writing.set(write), sorts_on_disk.set(on_disk)
    session = db.session()
    try:
        yield
        # Up to here nothing is stored; the outcome of an interrupted COMMIT is unknown.
        session.flush()
        with known_outcome():
            session.commit()
    except BaseException:
        _roll_back(session)
        _run(session.info.pop("after_rollback", []))
        raise
    else:
        _run(session.info.pop("after_commit", []))
    finally:
        session.info.clear()
        writing.reset(token)
        sorts_on_disk.reset(sorting)


def _roll_back(session: Session) -> None:
    try:
        session.rollback()
    except OperationalError:
        # The database ended the transaction by itself, and its savepoints with it.
        session.invalidate()


def after_commit(work: Callable[[], None]) -> None:
    """Run ``work`` once the transaction is safe on disk (mail, files, messages)."""
    db.session().info.setdefault("after_commit", []).append(work)


def after_rollback(work: Callable[[], None]) -> None:
    """Run ``work`` in a transaction of its own if this one is refused (for example to keep a
    refused scan).
    """
    db.session().info.setdefault("after_rollback", []).append(work)


def settle_refusal() -> None:
    """Do now what :func:`after_rollback` kept, in the running transaction.

    For the edge that answers a refusal by committing it (the stored answer of an idempotent call).
    """
    for work in db.session().info.pop("after_rollback", []):
        work()


def _run(works: list[Callable[[], None]]) -> None:
    for work in works:
        with transaction():
            work()


def one_by_one(key: str) -> None:
    """Take the lock of this key until the commit, where no table refuses the second of two.

    SQLite has one writer anyway.
    """
    if db.engine.dialect.name == "postgresql":
        locked = func.pg_advisory_xact_lock(func.hashtextextended(key, 0))
        db.session.execute(select(locked))
