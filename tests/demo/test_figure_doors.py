"""Every figure is the same number on the page, in the report, workbook, list, API and commands."""

import html
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner
from flask import Flask, g
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook

from tests import databases, signing
from tests.cli.terminal import environment
from tests.demo.finding import AT
from tests.statements import counted
from volunteer_service import clock, demo
from volunteer_service.areas.models import Area
from volunteer_service.cli import main
from volunteer_service.db import db
from volunteer_service.figures import counting
from volunteer_service.figures.counting import BY_CODE, Count
from volunteer_service.figures.figure import DIMENSIONS
from volunteer_service.figures.periods import Period
from volunteer_service.lists import asking, reading, registry
from volunteer_service.people.authentication.sessions import actor_of
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account
from volunteer_service.scoring.ratings import forecasts, results
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.web.figures import behind, charts
from volunteer_service.web.shared.figure_words import text_of
from volunteer_service.wording import gettext

pytestmark = pytest.mark.xdist_group("demo")

DAY = AT.date()
PERIOD = Period.of_year(DAY.year)
DAYS = f"from_on={PERIOD.since}&to_on={PERIOD.until}"


@pytest.fixture
def coordinator(town: None) -> Actor:
    login = next(each.login for each in demo.SIGN_INS if each.role == "coordinator")
    account = db.session.scalars(db.select(Account).where(Account.login == login)).one()
    return actor_of(account, door="page")


@pytest.fixture
def client(seeded: Flask, coordinator: Actor) -> Iterator[FlaskClient]:
    with seeded.test_client() as found:
        login = next(each.login for each in demo.SIGN_INS if each.role == "coordinator")
        signing.sign_in(found, login, demo.PASSWORD)
        yield found


def _counts(by: Actor, *, area_id: int | None = None) -> dict[str, Count]:
    found = counting.count(counting.place_of(by, area_id=area_id), PERIOD, today=AT)
    return {each.figure.code: each for each in found}


def _busiest(by: Actor) -> Area:
    """The area, right below what somebody sees, with the most service."""
    place, codes = counting.place_of(by), ["participations"]
    return db.session.get_one(
        Area, counting.split(place, PERIOD, "area", today=AT, codes=codes)[0].key
    )


def _listed(address: str, by: Actor) -> tuple[int, dict[str, int]]:
    """How many rows the list of an address has, and its sums."""
    path, _mark, query = html.unescape(address).partition("?")
    args = dict(pair.partition("=")[::2] for pair in query.split("&"))
    declared = registry.LISTS[path.rpartition("/")[2]]
    asked = asking.read(declared, args | {"count": "all", "sums": "1"}, [], by=by)
    assert asked.value("figure") is not None, address
    return reading.count(asked).count, reading.sums(asked)


def _is_what_is_listed(code: str, value: int, address: str, by: Actor) -> None:
    rows, sums = _listed(address, by)
    unit = BY_CODE[code].unit
    if unit == "minutes":
        assert sums["minutes"] == value, (code, address)
    elif unit == "centi":
        assert abs(sums["amount"]) == value, (code, address)
    else:
        assert rows == value, (code, address)


def test_the_town_has_something_of_most_figures(coordinator: Actor) -> None:
    assert len([each for each in _counts(coordinator).values() if each.value]) > 12


def test_each_figure_is_what_its_list_holds(seeded: Flask, coordinator: Actor) -> None:
    place, seen = counting.place_of(coordinator), 0
    with seeded.test_request_context():
        g.actor = coordinator
        for code, each in _counts(coordinator).items():
            url = behind.rows_url(place, PERIOD, each.figure)
            if url and code != "people_with_points":
                _is_what_is_listed(code, each.value, url, coordinator)
                seen += 1
    assert seen > 15


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_each_bar_is_what_its_list_holds(seeded: Flask, coordinator: Actor, dimension: str) -> None:
    place = counting.place_of(coordinator)
    parts = counting.split(place, PERIOD, dimension, today=AT)
    assert parts
    with seeded.test_request_context():
        g.actor = coordinator
        for part in parts:
            for code, value in part.values.items():
                figure = BY_CODE[code]
                url = behind.rows_url(place, PERIOD, figure, dimension=dimension, part=part)
                if url:
                    _is_what_is_listed(code, value, url, coordinator)


def test_the_forecast_is_what_each_one_s_progress_says_and_each_bar_has_its_list(
    seeded: Flask, coordinator: Actor
) -> None:
    paths = counting.place_of(coordinator).paths
    counts = forecasts.star_counts(paths, at=clock.now())

    assert sum(counts) > 0
    with seeded.test_request_context():
        for stars, people in enumerate(counts):
            g.actor = coordinator
            address = html.unescape(behind.people_forecast_url(paths, stars)).partition("?")[2]
            args = dict(pair.split("=") for pair in address.split("&")) | {"count": "all"}
            asked = asking.read(registry.LISTS["people"], args, [], by=coordinator)
            ids = [row.id for row in reading.every_row(asked)]
            assert len(ids) == people
            assert all(
                results.progress(id_, at=clock.now()).rating.stars == stars for id_ in ids[:20]
            )


def test_page_report_workbook_api_and_command_say_the_same(
    seeded: Flask,
    client: FlaskClient,
    coordinator: Actor,
    databases_of_run: databases.Databases,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    street = _busiest(coordinator)
    counts = _counts(coordinator, area_id=street.id)
    page = client.get(f"/figures?{DAYS}&area_id={street.id}").get_data(as_text=True)
    report = client.get(f"/figures/report?of={DAY.year}&area_id={street.id}").get_data(as_text=True)
    with client.get(f"/figures.xlsx?{DAYS}&area_id={street.id}") as answer:
        book = load_workbook(BytesIO(answer.data))
    rows = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    headers = signing.token_for(db.session.get_one(Account, coordinator.account_id), "read")
    api = client.get(
        f"/api/v1/figures?from={PERIOD.since}&to={PERIOD.until}&area_id={street.id}",
        headers=headers,
    ).get_json()
    for name, value in environment(seeded, databases_of_run.url, tmp_path).items():
        monkeypatch.setenv(name, value)
    days = ("--since", str(PERIOD.since), "--until", str(PERIOD.until))
    said = CliRunner().invoke(
        main, ["--lang", "zh", "figures", *days, "--sub-district", street.name, "--json"]
    )
    typed = json.loads(said.stdout)["figures"]
    read = {each["code"]: each["value"] for each in api["figures"]}

    reported = 0
    for code, each in counts.items():
        name = each.figure.name.worded(gettext)
        assert read[code] == typed[code]["value"] == each.value, code
        shown = {"minutes": 60, "centi": 100}.get(each.figure.unit, 1)
        assert rows[name] == round(each.value / shown, 2), code
        assert _in_table(page, name) == text_of(each), code
        if (said_there := _in_table(report, name)) is not None:
            assert said_there == text_of(each), code
            reported += 1
    assert reported > 10


@pytest.mark.parametrize("of", [f"{DAY.year}H1", str(DAY.year)])
def test_the_report_says_the_same_as_page_workbook_pdf_api_and_command(
    seeded: Flask,
    client: FlaskClient,
    coordinator: Actor,
    databases_of_run: databases.Databases,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    of: str,
) -> None:
    street = _busiest(coordinator)
    period = Period.of_half_year(HalfYear.parse(of)) if "H" in of else Period.of_year(DAY.year)
    scope = f"of={of}&area_id={street.id}"
    page = client.get(f"/figures/report?{scope}").get_data(as_text=True)
    with client.get(f"/figures/report.xlsx?{scope}") as answer:
        book = load_workbook(BytesIO(answer.data))
    with client.get(f"/figures/report.pdf?{scope}") as answer:
        printed = _text_of_pdf(answer.data)
    headers = signing.token_for(db.session.get_one(Account, coordinator.account_id), "read")
    days = f"from={period.since}&to={period.until}&area_id={street.id}"
    api = {
        each["code"]: each
        for each in client.get(f"/api/v1/figures?{days}", headers=headers).get_json()["figures"]
    }
    for name, value in environment(seeded, databases_of_run.url, tmp_path).items():
        monkeypatch.setenv(name, value)
    typed = _typed(period, street)

    rows = {row[0]: row[1:3] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert len(rows) > 10
    by_name = {each["name"]: each for each in api.values()}
    for name, (now, before) in rows.items():
        each = by_name[name]
        figure = BY_CODE[each["code"]]
        scale = {"minutes": 60, "centi": 100}.get(each["unit"], 1)
        assert typed[each["code"]]["value"] == each["value"], name
        assert typed[each["code"]]["before"] == each["before"], name
        assert now == round(each["value"] / scale, 2), name
        assert before == (None if each["before"] is None else round(each["before"] / scale, 2))
        words = text_of(Count(figure, each["value"], each["before"]))
        assert _in_table(page, name) == words, name
        # The printed line is the name, the value, that of the year before and the change.
        assert re.sub(r"\s", "", name + words) in printed, name
    assert _parts_of_sheets(book) == _parts_of_api(client, days, headers)


def _typed(period: Period, street: Area) -> dict[str, dict[str, int]]:
    days = ("--since", str(period.since), "--until", str(period.until))
    asked = ["--lang", "zh", "figures", *days, "--sub-district", street.name, "--json"]
    return json.loads(CliRunner().invoke(main, asked).stdout)["figures"]


def _text_of_pdf(made: bytes) -> str:
    document = pypdfium2.PdfDocument(made)
    assert len(document) == 2
    return re.sub(r"\s", "", document[0].get_textpage().get_text_range())


def _parts_of_sheets(book: Workbook) -> dict[str, list[int]]:
    """Participations of each part of each sheet of the workbook."""
    return {
        sheet.title: sorted(row[3] for row in sheet.iter_rows(min_row=2, values_only=True))
        for sheet in book.worksheets[1:]
    }


def _parts_of_api(client: FlaskClient, days: str, headers: dict[str, str]) -> dict[str, list[int]]:
    """The same of the API; a part that only the year before has stands with a nought."""
    found = {}
    for by in ("month", "area", "team", "brand", "project", "grade"):
        path = f"/api/v1/figures?{days}&by={by}&codes=participations"
        parts = client.get(path, headers=headers).get_json()["parts"]
        if parts:
            found[charts.dimension_name(by)] = sorted(
                each["values"]["participations"] for each in parts
            )
    return found


def test_the_workbook_takes_no_more_statements_than_a_page(
    seeded: Flask, client: FlaskClient
) -> None:
    for path in (
        f"/figures.xlsx?{DAYS}",
        f"/figures?{DAYS}",
        f"/figures/report.xlsx?of={DAY.year}",
    ):
        with counted(seeded) as statements:
            client.get(path).close()
        assert 0 < len(statements) <= 40, (path, len(statements))


def _in_table(page: str, name: str) -> str | None:
    row = re.search(
        rf"<th[^>]*><div>{re.escape(name)}</div></th>\s*<td[^>]*><div>(.*?)</div>", page
    )
    return row and html.unescape(re.sub(r"<[^>]+>", "", row[1])).strip()
