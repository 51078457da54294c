"""``figures``: a table for people, JSON for programs."""

import json

from tests import make, make_attendance
from tests.cli.terminal import Run, is_sentence
from volunteer_service.db import transaction

MAY = ("--since", "2026-05-01", "--until", "2026-05-31")


def test_a_table_for_people_and_json_for_programs(run: Run, inside: None) -> None:
    with transaction():
        cast = make.cast()
        make_attendance.record(cast.wang, team=cast.team, minutes=90)
        make_attendance.record(cast.zhao, team=cast.other_team, minutes=30)

    table = run("figures", *MAY, "--code", "minutes", "--by", "area", "--sub-district", "市西街道")
    found = json.loads(run("figures", *MAY, "--by", "area", "--json").stdout)

    assert table.exit_code == 0, table.output
    assert "服务时长" in table.stdout
    assert "庆丰社区" in table.stdout
    assert found["figures"]["minutes"] == {
        "name": "服务时长",
        "unit": "minutes",
        "value": 120,
        "before": 0,
    }
    assert [part["name"] for part in found["parts"]] == ["市西街道"]


def test_an_unknown_street_and_a_turned_round_period_are_told(run: Run, inside: None) -> None:
    with transaction():
        make.cast()

    unknown = run("figures", *MAY, "--sub-district", "无名街道")
    turned = run("figures", "--since", "2026-05-31", "--until", "2026-05-01")

    assert is_sentence(unknown)
    assert "市西街道" in unknown.stderr
    assert is_sentence(turned)
