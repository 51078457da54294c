"""Refusals of commands are in one language: all Chinese, or all English."""

import re
from pathlib import Path

import pytest

from tests import make
from tests.cli.terminal import LANGUAGES, PASSWORD, Run, han
from volunteer_service.db import transaction

#: Words that an operator typed, or that stand in the workbooks.
NAMES = ("没有的队", "哪里", "临江街道", "姓名", "身份证号", "手机号")

REFUSED = [
    ("account", "create", "taken", "--no-volunteer", "--password", PASSWORD),
    ("account", "create", "boss", "--no-volunteer", "--password", "short"),
    ("account", "password", "nobody", "--password", PASSWORD),
    ("account", "grant", "taken", "admin"),
    ("account", "grant", "taken", "nothing", "--sub-district", "哪里"),
    ("account", "grant", "taken", "leader", "--team", "没有的队"),
    ("account", "grant", "nobody", "admin", "--sub-district", "哪里"),
    ("db", "downgrade", "nope", "--yes"),
    ("db", "upgrade", "nope"),
    ("demo",),
    ("import",),
    ("import", "{folder}"),
    ("import", "{folder}/none.xlsx"),
    ("import", "{broken}"),
    ("import", "{unknown}"),
    ("import", "--undo", "99"),
    ("jobs", "once", "nope"),
    ("nope",),
    ("ratings", "preview"),
    ("ratings", "preview", "2026H1", "--nope"),
    ("ratings", "preview", "2026H1", "--sub-district", "哪里"),
    ("ratings", "preview", "2026H1", "--sub-district", "哪里", "--all"),
    ("ratings", "preview", "2026X"),
    ("rounds", "replay", "7"),
    ("serve", "--port", "99999"),
]

SETTINGS = [
    ("APP_ENV", "staging"),
    ("BASE_URL", "vol.example.cn"),
    ("DATABASE_URL", "mysql://localhost/x"),
    ("DATABASE_URL", "not a url"),
    ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing"),
    ("DATABASE_URL", "sqlite:////no/such/folder/x.db"),
    ("LOG_LEVEL", "LOUD"),
    ("TIME_ZONE", "Mars/Olympus"),
    ("TRUSTED_PROXIES", "-1"),
    ("VAR_DIR", "/proc/volunteer"),
]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """An empty folder, a file that is no workbook, and a workbook that is no list."""
    from openpyxl import Workbook

    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.xlsx").write_text("not a workbook")
    book = Workbook()
    book.worksheets[0].append(["a", "b"])
    book.save(tmp_path / "unknown.xlsx")
    return {
        "folder": str(tmp_path / "empty"),
        "broken": str(tmp_path / "broken.xlsx"),
        "unknown": str(tmp_path / "unknown.xlsx"),
    }


def speaks(result: object, lang: str) -> bool:
    said = re.sub(r"/\S+", "", result.output)
    return bool(han(said, *NAMES)) == (lang == "zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_refusal_is_in_the_language_asked_for(
    run: Run, inside: None, files: dict[str, str], lang: str
) -> None:
    with transaction():
        make.account("taken", "周静", area=make.area("临江街道"), role="coordinator")
    results = [run(*(each.format(**files) for each in typed), lang=lang) for typed in REFUSED]
    assert {result.exit_code for result in results} == {1, 2}
    assert [result.output for result in results if not speaks(result, lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_a_setting_is_refused_in_the_language_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, lang: str
) -> None:
    monkeypatch.setenv(name, value)
    result = run("run", lang=lang)
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert name in result.output
    assert speaks(result, lang), result.output
