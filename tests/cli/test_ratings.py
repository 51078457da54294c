"""Stars in advance, and rounds computed again."""

import json

from click.testing import Result

from tests import make
from tests.cli.terminal import Run, is_sentence
from tests.make_ratings import record
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
