"""Settings are refused by name, and production refuses what a demo may have."""

import base64
import dataclasses
import hashlib
import json
import re
import secrets
import stat
import subprocess
from pathlib import Path

import pytest

from volunteer_service import settings
from volunteer_service.errors import BadSetting
from volunteer_service.settings import Settings, secret_strength

ROOT = Path(__file__).parents[1]
PRODUCTION = {
    "APP_ENV": "production",
    # Drawn anew: whatever stands in a repository is no secret.
    "SECRET_KEY": secrets.token_urlsafe(48),
    "SECRET_KEY_PREVIOUS": secrets.token_hex(32),
    "PERSONAL_DATA_KEY": secrets.token_urlsafe(48),
    "METRICS_TOKEN": secrets.token_hex(24),
    "BASE_URL": "https://vol.example.cn",
    "DATABASE_URL": "postgresql://service@localhost/service",
}
KEYS = ("SECRET_KEY", "SECRET_KEY_PREVIOUS", "PERSONAL_DATA_KEY", "METRICS_TOKEN")

WRITTEN = (
    "x",
    "short",
    "a" * 64,
    "abc" * 20,
    "...",
    "<your secret key here, 32 characters or more>",
    "${SECRET_KEY_OF_THE_SERVICE_AT_LEAST_32}",
    "changeme-changeme-changeme-changeme-1234",
    "ChangeMe1ChangeMe2ChangeMe3ChangeMe4ChangeMe5",
    "passwordpasswordpasswordpassword1234",
    "this-is-a-very-secret-key-for-production-2026",
    "01234567890123456789012345678901234",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "acegikmoqsuwy02468acegikmoqsuwy02468",
    "qwertyuiopasdfghjklzxcvbnm1234567890",
    "1234567890qwertyuiop1234567890qwertyuiop",
    "志愿服务" * 10,
    " " * 40,
    "\u200b" * 40,
    "the-volunteers-of-our-street-are-the-best",
    base64.b64encode(b"my own key of the street office, 2026").decode(),
    b"our street office has a key".hex(),
    hashlib.sha256(b"password").hexdigest(),
    hashlib.md5(b"123456\n", usedforsecurity=False).hexdigest(),
    hashlib.sha256(b"").hexdigest(),
    "550e8400-e29b-41d4-a716-446655440000",
)


def test_production_starts_with_strong_secrets_and_https() -> None:
    found = Settings.from_env(PRODUCTION)
    assert found.is_production
    assert not found.is_sqlite
    assert found.flask()["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("weak", WRITTEN)
def test_production_refuses_every_weak_secret(name: str, weak: str) -> None:
    with pytest.raises(BadSetting, match=name) as refusal:
        Settings.from_env(PRODUCTION | {name: weak})
    assert refusal.value.setting == name
    assert "openssl rand" in str(refusal.value)
    assert len(weak) < 4 or weak not in str(refusal.value)


@pytest.mark.parametrize("name", ["SECRET_KEY", "PERSONAL_DATA_KEY"])
def test_production_needs_both_keys(name: str) -> None:
    with pytest.raises(BadSetting, match=f"{name}.*还没有设"):
        Settings.from_env(PRODUCTION | {name: ""})


def test_what_a_machine_drew_is_taken() -> None:
    for _ in range(300):
        for drawn in (secrets.token_urlsafe(48), secrets.token_hex(32), secrets.token_urlsafe(64)):
            assert secret_strength.weakness(drawn) is None, drawn


@pytest.mark.parametrize("first", KEYS)
@pytest.mark.parametrize("second", KEYS)
def test_no_two_secrets_are_one(first: str, second: str) -> None:
    if first == second:
        return
    for same in (PRODUCTION[second], PRODUCTION[second] + "1", PRODUCTION[second].upper()):
        with pytest.raises(BadSetting, match="相同") as refusal:
            Settings.from_env(PRODUCTION | {first: same})
        assert {first, second} >= {refusal.value.setting}


@pytest.mark.parametrize("name", [*KEYS, "DATABASE_URL"])
@pytest.mark.parametrize("door", ["MAIL_SERVER", "SMS_GATEWAY", "STAFF_ROBOTS"])
def test_no_secret_leaves_with_a_message(tmp_path: Path, name: str, door: str) -> None:
    secret = PRODUCTION.get(name) if name in KEYS else "p" + secrets.token_hex(24)
    secret = secret or secrets.token_urlsafe(48)
    own = f"postgresql://service:{secret}@localhost/service" if name not in KEYS else secret
    file = tmp_path / "gateway.json"
    file.write_text(
        json.dumps(
            {
                "url": "https://sms.example.cn/send",
                "fields": {"to": "{phone}", "key": "${SMS_NAME}:${SMS_TOKEN}"},
                "templates": {"shift_tomorrow": "T1"},
            }
        )
    )
    doors = {
        "MAIL_SERVER": f"smtps://office:{secret}@mail.example.cn",
        "SMS_GATEWAY": str(file),
        "STAFF_ROBOTS": f"jsons://robot.example.cn/{secret}",
    }
    env = PRODUCTION | {name: own, door: doors[door], "MAIL_FROM": "office@example.cn"}
    env |= {"SMS_NAME": secrets.token_hex(16), "SMS_TOKEN": secret}
    with pytest.raises(BadSetting, match=name) as refusal:
        Settings.from_env(env)
    assert refusal.value.setting == door
    assert secret not in str(refusal.value)


def test_each_setting_that_a_gateway_s_text_names_is_put_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "gateway.json"
    file.write_text(
        json.dumps(
            {
                "url": "https://sms.example.cn/send",
                "fields": {"key": "${SMS_NAME}:${SMS_TOKEN}"},
                "templates": {},
            }
        )
    )
    env = PRODUCTION | {"SMS_GATEWAY": str(file), "SMS_TOKEN": secrets.token_hex(16)}
    with pytest.raises(BadSetting, match="SMS_NAME"):
        Settings.from_env(env)
    env |= {"SMS_NAME": secrets.token_hex(16)}
    found = Settings.from_env(env).doors.gateway
    assert found is not None
    assert found.fields == {"key": f"{env['SMS_NAME']}:{env['SMS_TOKEN']}"}


def test_the_database_s_password_is_no_key_either() -> None:
    url = f"postgresql://service:{PRODUCTION['METRICS_TOKEN']}@db.example.cn/service"
    with pytest.raises(BadSetting, match=r"METRICS_TOKEN.*DATABASE_URL"):
        Settings.from_env(PRODUCTION | {"DATABASE_URL": url})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://service:...@127.0.0.1/service",
        "postgresql://service:service@127.0.0.1/service",
        "postgresql://service:postgres@db.example.cn/service",
        "postgresql://service:Volunteer2026!@10.0.0.5/service",
        "postgresql://service@10.0.0.5/service",
        "postgresql://service@db.example.cn/service",
        "postgresql://service@/service?host=db.example.cn",
        "postgresql://service@/service?host=localhost&host=db.example.cn",
        "postgresql://service@/service?host=db.example.cn&password=x",
    ],
)
def test_a_database_is_not_left_open(url: str) -> None:
    with pytest.raises(BadSetting, match="DATABASE_URL") as refusal:
        Settings.from_env(PRODUCTION | {"DATABASE_URL": url})
    assert "Volunteer2026" not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://service:DRAWN@db.example.cn/service",
        "postgresql://service:DRAWN@10.0.0.5/service",
        "postgresql:///service",
        "postgresql://service@/service?host=/run/postgresql",
        "postgresql://service@[::1]/service",
        "postgresql://service@db.example.cn/service?passfile=/etc/volunteer.pgpass",
        "sqlite:////var/lib/volunteer/service.db",
    ],
)
def test_a_guarded_database_is_taken(url: str) -> None:
    url = url.replace("DRAWN", secrets.token_urlsafe(24))
    assert Settings.from_env(PRODUCTION | {"DATABASE_URL": url}).is_production


def test_libpq_s_own_settings_count() -> None:
    url = {"DATABASE_URL": "postgresql:///service"}
    with pytest.raises(BadSetting, match="DATABASE_URL"):
        Settings.from_env(PRODUCTION | url | {"PGHOST": "db.example.cn"})
    elsewhere = url | {"PGHOST": "db.example.cn", "PGPASSFILE": "/etc/volunteer.pgpass"}
    assert Settings.from_env(PRODUCTION | elsewhere).is_production


def test_limits_stay_on_in_production() -> None:
    with pytest.raises(BadSetting, match="RATE_LIMITS"):
        Settings.from_env(PRODUCTION | {"RATE_LIMITS": "off"})


def test_every_setting_that_sounds_like_a_secret_is_judged() -> None:
    sounds = re.compile(r"key|token|secret|password|salt|credential|dsn|pepper", re.I)
    fields = {field.name.upper() for field in dataclasses.fields(Settings)}
    # The password in DATABASE_URL is judged by itself, above.
    assert {name for name in fields if sounds.search(name)} == set(settings.KEYS) == set(KEYS)
    strong = Settings.from_env(PRODUCTION)
    for name, read in settings.KEYS.items():
        assert read(strong) == PRODUCTION[name]


def test_what_this_repository_shows_is_no_secret() -> None:
    """Keys in tests, tools and documents of any time are known to everybody who reads them."""
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.md", "*.yml", "Makefile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    shown = re.compile(r"(?:SECRET|KEY|TOKEN)[A-Z_]*['\"]?\s*[:=]\s*['\"]?([^\s'\"#`]{16,})")
    found = {
        value
        for name in listed
        for value in shown.findall((ROOT / name).read_text(encoding="utf-8"))
        if re.fullmatch(r"[\w./+=-]+", value) and "(" not in value
    }
    assert "test-secret-key-test-secret-key-0123456789" in found
    assert sorted(value for value in found if secret_strength.weakness(value) is None) == []
    assert all(secret_strength.weakness(value) is not None for value in secret_strength.PUBLISHED)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20"])
def test_a_demo_on_the_network_takes_no_weak_key_either(tmp_path: Path, host: str) -> None:
    env = {"VAR_DIR": str(tmp_path / "var"), "HOST": host}
    assert Settings.from_env(env).host == host
    with pytest.raises(BadSetting, match="SECRET_KEY_PREVIOUS"):
        Settings.from_env(env | {"SECRET_KEY_PREVIOUS": "x"})
    assert Settings.from_env(env | {"HOST": "127.0.0.1", "SECRET_KEY": "x"}).secret_key == "x"


@pytest.mark.parametrize(
    "url", ["", "http://vol.example.cn", "vol.example.cn", "https://", "https://a b", "https://a:x"]
)
def test_production_is_served_over_https(url: str) -> None:
    with pytest.raises(BadSetting, match="BASE_URL"):
        Settings.from_env(PRODUCTION | {"BASE_URL": url})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_ENV", "staging"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "not a url"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "²"),
        ("DEFAULT_LANGUAGE", "fr"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_setting_that_cannot_work_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        Settings.from_env(PRODUCTION | {name: value})


def test_the_demo_makes_secrets_of_its_own_and_keeps_them(tmp_path: Path) -> None:
    env = {"VAR_DIR": str(tmp_path / "var")}
    first, second = Settings.from_env(env), Settings.from_env(env)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert first.secret_key != first.personal_data_key
    for name in ("secret_key", "personal_data_key"):
        mode = (tmp_path / "var" / name).stat().st_mode
        assert stat.S_IMODE(mode) == 0o600


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match="VAR_DIR"):
        Settings.from_env({"VAR_DIR": str(tmp_path / "file" / "var")})
