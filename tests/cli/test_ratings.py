"""Stars in advance, and rounds computed again."""

import json
from pathlib import Path
from zipfile import ZipFile

from click.testing import Result

from tests import make
from tests.cli.terminal import Run, is_sentence
from tests.make_ratings import record, round_at
from volunteer_service.db import transaction


def test_a_half_year_without_records_has_no_stars(run: Run) -> None:
    assert json.loads(run("ratings", "preview", "2026H1", "--json").stdout) == {"star_0": 0}
    assert "2026H1 没有已确认的服务记录" in run("ratings", "preview", "2026H1").stdout
    assert is_sentence(run("ratings", "preview", "2026X"))


def test_stars_are_counted_in_one_sub_district(run: Run, inside: None) -> None:
    def preview(*asked: str) -> Result:
        return run("ratings", "preview", "2026H1", "--json", *asked)

    with transaction():
        cast = make.cast()
        record(cast.wang, cast.team, minutes=1300)
    assert json.loads(preview().stdout) == {"star_0": 0, "star_2": 1}
    with transaction():
        team = make.team("临江护学队", area=make.area("临江街道"))
        record(make.volunteer("周静", team=team), team, minutes=60)

    both = preview()
    assert is_sentence(both)
    assert "市西街道、临江街道" in both.stderr
    assert json.loads(preview("--sub-district", "市西街道").stdout) == {"star_0": 0, "star_2": 1}
    assert json.loads(preview("--sub-district", "临江街道").stdout) == {"star_0": 1}
    assert json.loads(preview("--all").stdout) == {"star_0": 1, "star_2": 1}
    assert preview("--all", "--sub-district", "市西街道").exit_code == 2


def test_an_unknown_sub_district_is_answered_with_those_there_are(run: Run, inside: None) -> None:
    with transaction():
        make.area("临江街道")
    unknown = run("ratings", "preview", "2026H1", "--sub-district", "哪里")
    assert is_sentence(unknown)
    assert "临江街道" in unknown.stderr


def test_a_replay_needs_a_final_round(run: Run) -> None:
    nothing = run("rounds", "replay")
    assert (nothing.exit_code, nothing.stdout) == (0, "还没有签发的评定，没有可以重算的。\n")
    assert is_sentence(run("rounds", "replay", "7"))


def final_round() -> tuple[str, str]:
    """王建国 has two records of 2026H1 in a round that is signed off, 赵芳 none; their numbers."""
    with transaction():
        cast = make.cast()
        record(cast.wang, cast.team, 700)
        record(cast.wang, cast.team, 60, grade="leader")
        round_at("final", cast)
        return cast.wang.number, cast.zhao.number


def test_a_star_is_explained_down_to_its_records(run: Run, inside: None) -> None:
    wang, zhao = final_round()
    done = run("ratings", "explain", wang, "2026H1")
    assert done.exit_code == 0, done.stderr or done.exception
    told = done.stdout
    assert f"{wang}  王建国  2026H1  一星" in told
    assert "确认 12 小时 40 分钟 → 一星级" in told
    assert told.count("庆丰小学门前护学") == 2
    assert "700 分钟  扫码" in told
    assert is_sentence(run("ratings", "explain", zhao, "2026H1"))
    assert is_sentence(run("ratings", "explain", "NOBODY", "2026H1"))


def test_a_half_year_is_replayed_and_exported_for_outsiders(
    run: Run, inside: None, tmp_path: Path
) -> None:
    assert is_sentence(run("ratings", "export", "2026H1", str(tmp_path)))
    final_round()
    assert "相符" in run("ratings", "replay", "2026H1", "--sub-district", "市西街道").stdout
    done = run("ratings", "export", "2026H1", str(tmp_path), "--without-names")
    assert done.exit_code == 0, done.stderr
    assert "1 人" in done.stdout
    with ZipFile(tmp_path / "2026H1-市西街道.zip") as archive:
        assert "people.csv" not in archive.namelist()
