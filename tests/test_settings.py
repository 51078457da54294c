"""Settings are refused by name, and production refuses what a demo may have."""

import stat
from pathlib import Path

import pytest

from volunteer_service.settings import BadSetting, Settings

STRONG = "kT9vQx2mZr7LpWd4HcJ8nYbS6fGaEu3K"
PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": STRONG,
    "PERSONAL_DATA_KEY": STRONG[::-1],
    "BASE_URL": "https://vol.example.cn",
    "DATABASE_URL": "postgresql://service@localhost/service",
}


def test_production_starts_with_strong_secrets_and_https() -> None:
    found = Settings.from_env(PRODUCTION)
    assert found.is_production
    assert not found.is_sqlite
    assert found.flask()["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize("name", ["SECRET_KEY", "PERSONAL_DATA_KEY"])
@pytest.mark.parametrize("weak", ["", "short", "a" * 64, "abc" * 20])
def test_production_refuses_a_missing_or_weak_secret(name: str, weak: str) -> None:
    with pytest.raises(BadSetting, match=name) as refusal:
        Settings.from_env(PRODUCTION | {name: weak})
    assert not weak or weak not in str(refusal.value)


@pytest.mark.parametrize("url", ["", "http://vol.example.cn", "vol.example.cn"])
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
