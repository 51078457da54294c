"""Every setting, read once from the environment into one frozen dataclass.

An invalid value is refused at start by its name, so that a typo in an environment file never
becomes a silent default.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from volunteer_service import private_files
from volunteer_service.buffering_proxy.http_framing import WITHOUT_ASKING
from volunteer_service.errors import BadSetting
from volunteer_service.settings import doors, hosts, production
from volunteer_service.settings.doors import Doors


@dataclass(frozen=True)
class Settings:
    """What the service needs to know about its environment."""

    #: ``APP_ENV``: ``demo`` (default), ``test`` or ``production``.
    app_env: str
    #: ``DATABASE_URL``: SQLAlchemy URL; default is the embedded SQLite file ``var/service.db``.
    database_url: str
    #: ``SECRET_KEY``: signs sessions and QR codes; production refuses one that can be guessed.
    secret_key: str
    #: ``SECRET_KEY_PREVIOUS``: the key before a rotation; still accepted for reading.
    secret_key_previous: str | None
    #: ``PERSONAL_DATA_KEY``: encrypts identity and phone numbers at rest; kept apart from backups.
    personal_data_key: str
    #: ``TIME_ZONE``: which local day and half-year an instant falls in.
    time_zone: str
    #: ``DEFAULT_LANGUAGE``: ``zh`` or ``en``, for readers who have not chosen.
    language: str
    #: ``BASE_URL``: what QR codes and certificates point at, without a trailing slash.
    base_url: str
    #: ``VAR_DIR``: where the demo keeps its database, keys and uploads.
    var_dir: Path
    #: ``TRUSTED_PROXIES``: how many reverse proxies set ``X-Forwarded-*`` before us.
    trusted_proxies: int
    #: ``RATE_LIMITS``: ``on`` or ``off`` (only the test suite and the bench turn them off).
    rate_limits: bool
    #: ``SECOND_FACTOR``: ``required`` of coordinators, desks and admins (default in production), or
    #: ``offered``.
    second_factor: str
    #: ``EXPORT_ROWS_AT_ONCE``: rows that one request exports; a longer one is written beside it.
    export_rows_at_once: int
    #: ``LOG_LEVEL``: DEBUG, INFO, WARNING or ERROR.
    log_level: str
    #: ``METRICS_TOKEN``: lets a Prometheus on another machine read /metrics; loopback always may.
    metrics_token: str | None
    #: ``HOST``: the address that the server listens on.
    host: str
    #: ``MAIL_SERVER``, ``MAIL_FROM``, ``SMS_GATEWAY``, ``STAFF_ROBOTS``: doors of messages.
    doors: Doors = field(default_factory=Doors)
    #: ``LOCAL_HTTPS``: where ``run`` also serves https, with a certificate of this machine's own.
    local_https: str | None = None
    #: ``PUBLIC_FIGURES``: sub-districts that agreed to publish their figures, between commas.
    public_figures: tuple[str, ...] = ()
    #: ``RECEIVERS_A_DAY``: how many people one sender reaches with circulars in 24 hours.
    receivers_a_day: int = 3000

    @property
    def zone(self) -> ZoneInfo:
        """Return the programme's local time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def is_production(self) -> bool:
        """Tell whether weak secrets and plain http must be refused."""
        return self.app_env == "production"

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the database is the embedded default and not PostgreSQL."""
        return make_url(self.database_url).get_backend_name() == "sqlite"

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Return today's key, which signs, and the one before it, which is still accepted."""
        return tuple(key for key in (self.secret_key, self.secret_key_previous) if key)

    @property
    def local_certificates(self) -> Path:
        """Return the folder of this machine's own certificates."""
        return self.var_dir / "tls"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read and check every setting; raise :class:`BadSetting` naming the first bad one."""
        app_env = _choice(env, "APP_ENV", "demo", {"demo", "test", "production"})
        var_dir = Path(env.get("VAR_DIR", "var")).resolve()
        found = cls(
            app_env=app_env,
            database_url=_database_url(
                env.get("DATABASE_URL") or f"sqlite:///{var_dir}/service.db"
            ),
            secret_key=_secret(env, "SECRET_KEY", app_env, var_dir),
            secret_key_previous=env.get("SECRET_KEY_PREVIOUS") or None,
            personal_data_key=_secret(env, "PERSONAL_DATA_KEY", app_env, var_dir),
            time_zone=_zone(env.get("TIME_ZONE", "Asia/Shanghai")),
            language=_choice(env, "DEFAULT_LANGUAGE", "zh", {"zh", "en"}),
            base_url=_base_url(env, app_env),
            var_dir=var_dir,
            trusted_proxies=_count(env, "TRUSTED_PROXIES", 0),
            rate_limits=_choice(env, "RATE_LIMITS", "on", {"on", "off"}) == "on",
            second_factor=_second_factor(env, app_env),
            export_rows_at_once=_count(env, "EXPORT_ROWS_AT_ONCE", 10_000),
            log_level=_choice(env, "LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"}),
            metrics_token=env.get("METRICS_TOKEN") or None,
            host=env.get("HOST") or "127.0.0.1",
            doors=doors.read(env, is_production=app_env == "production"),
            local_https=env.get("LOCAL_HTTPS") or None,
            public_figures=_names(env.get("PUBLIC_FIGURES", "")),
            receivers_a_day=_count(env, "RECEIVERS_A_DAY", 3000),
        )
        _need_safe(found, env)
        return found

    @property
    def hosts(self) -> hosts.Hosts:
        """Return the names under which this service answers."""
        return hosts.Hosts(self.base_url, self.host, is_open=not self.is_production)

    def flask(self) -> dict[str, Any]:
        """Return the same values under the names that Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": [self.secret_key_previous] if self.secret_key_previous else [],
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SESSION_COOKIE_SECURE": self.base_url.startswith("https://"),
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": 60 * 60 * 24 * 90,
            # web.guard signs it again when it reads the account again, not at each request.
            "SESSION_REFRESH_EACH_REQUEST": False,
            # Files: request_bodies.admit_files.
            "MAX_CONTENT_LENGTH": WITHOUT_ASKING,
            "MAX_FORM_MEMORY_SIZE": WITHOUT_ASKING,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_CHECK_DEFAULT": True,
            "WTF_CSRF_SSL_STRICT": self.base_url.startswith("https://"),
            "BABEL_DEFAULT_TIMEZONE": self.time_zone,
            "RATELIMIT_ENABLED": self.rate_limits,
            "TESTING": self.app_env == "test",
        }


#: The settings that sign, seal or open something, by their names in the environment.
KEYS: dict[str, Callable[[Settings], str | None]] = {
    "SECRET_KEY": lambda found: found.secret_key,
    "SECRET_KEY_PREVIOUS": lambda found: found.secret_key_previous,
    "PERSONAL_DATA_KEY": lambda found: found.personal_data_key,
    "METRICS_TOKEN": lambda found: found.metrics_token,
}


def _choice(env: Mapping[str, str], name: str, default: str, allowed: set[str]) -> str:
    value = env.get(name) or default
    if value not in allowed:
        known = ", ".join(sorted(allowed))
        raise BadSetting(
            name, why="没有 %(value)s 这个选项。可用的有：%(known)s。", value=value, known=known
        )
    return value


def _second_factor(env: Mapping[str, str], app_env: str) -> str:
    default = "required" if app_env == "production" else "offered"
    return _choice(env, "SECOND_FACTOR", default, {"required", "offered"})


def _count(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name) or str(default)
    if not (value.isascii() and value.isdigit()):
        raise BadSetting(name, why="%(value)s 不行。请写 0 或更大的整数。", value=value)
    return int(value)


def _database_url(value: str) -> str:
    try:
        url = make_url(value)
    except ArgumentError:
        raise BadSetting(
            "DATABASE_URL",
            why="读不懂。请写成 sqlite:////absolute/path.db 或 "
            "postgresql://user:password@host/name。",
        ) from None
    backend = url.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise BadSetting(
            "DATABASE_URL", why="不支持 %(name)s，只支持 sqlite 和 postgresql。", name=backend
        )
    if backend == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def _names(value: str) -> tuple[str, ...]:
    names = (name.strip() for name in value.replace("，", ",").split(","))
    return tuple(name for name in names if name)


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadSetting(
            "TIME_ZONE", why="没有时区 %(value)s。请写成 Asia/Shanghai 这样的名字。", value=value
        ) from None
    return value


def _base_url(env: Mapping[str, str], app_env: str) -> str:
    value = env.get("BASE_URL", "").rstrip("/")
    if not value:
        if app_env == "production":
            raise BadSetting("BASE_URL", why="还没有设。二维码里要写对外的 https:// 地址。")
        return f"http://127.0.0.1:{env.get('PORT') or '8000'}"
    if not value.startswith(("http://", "https://")):
        raise BadSetting("BASE_URL", why="%(value)s 不行。请以 https:// 开头。", value=value)
    if not hosts.can_be_asked(value):
        raise BadSetting(
            "BASE_URL",
            why="%(value)s 不行。请写成 https://vol.example.cn 这样的地址。",
            value=value,
        )
    if app_env == "production" and not value.startswith("https://"):
        raise BadSetting(
            "BASE_URL", why="%(value)s 不行。正式环境只用 https:// 地址。", value=value
        )
    return value


def _secret(env: Mapping[str, str], name: str, app_env: str, var_dir: Path) -> str:
    value = env.get(name, "")
    return value if value or app_env == "production" else _generated(var_dir / name.lower())


def _generated(path: Path) -> str:
    """Return a random secret kept beside the demo's database, so that a restart keeps its
    sessions.
    """
    try:
        return private_files.write_once(path, secrets.token_urlsafe(48))
    except OSError as error:
        raise BadSetting(
            "VAR_DIR",
            why="不能写入 %(folder)s（%(reason)s）。请换一个可写的文件夹。",
            folder=path.parent,
            reason=error.strerror,
        ) from None


def _need_safe(found: Settings, env: Mapping[str, str]) -> None:
    """Refuse settings of a service on the network that can be guessed, are shared or turn a
    protection off.
    """
    keys = {name: read(found) for name, read in KEYS.items()}
    if found.is_production:
        needed = {"SECRET_KEY", "PERSONAL_DATA_KEY"} | {name for name in KEYS if keys[name]}
        production.need_strong({name: keys[name] or "" for name in KEYS if name in needed})
        url = make_url(found.database_url)
        kept = keys | {"DATABASE_URL": url.password}
        production.need_different(kept)
        production.need_kept(kept, found.doors.leaving)
        production.need_guarded_database(url, env)
        production.need_limits(on=found.rate_limits)
    elif not hosts.is_loopback(found.host):
        # A demo without a key of its own has one that nobody can guess.
        production.need_strong({name: keys[name] or "" for name in KEYS if env.get(name)})


def current() -> Settings:
    """Return the settings of the running app."""
    found: Settings = current_app.extensions["settings"]
    return found


def local_day(at: datetime) -> date:
    """Return the local day of an instant: which day, month and half-year it falls in."""
    return at.astimezone(current().zone).date()


def day_begins(day: date) -> datetime:
    """Return the first instant of a local day."""
    day = min(max(day, _FIRST_DAY), _LAST_DAY + timedelta(days=1))
    return datetime.combine(day, time(), current().zone)


def day_ends(day: date) -> datetime:
    """Return the instant at which a local day has passed: the first one of the next day."""
    return day_begins(min(day, _LAST_DAY) + timedelta(days=1))


#: Days beyond these have no row; at the ends of the calendar a day has no next one.
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
