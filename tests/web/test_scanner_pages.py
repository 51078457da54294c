"""Cards on paper, and the scanner's page: with the form alone and as the script asks."""

from datetime import timedelta

import pytest

from tests import make
from tests.paper.papers import pdf_pages, pdf_text, scanned
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.db import transaction


@pytest.fixture
def town(app):
    with app.app_context(), transaction():
        cast = make.cast()
        begins = clock.now() - timedelta(minutes=10)
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=begins)
        return {"event": event.id, "team": cast.team.id, "wang": cast.wang.id}


def cards_pdf(client, town) -> bytes:
    path = f"/teams/{town['team']}/cards"
    form = hidden(client, path) | {"member": str(town["wang"])}
    answer = client.post(path, data=form)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data


def card_url(client, town) -> str:
    (page,) = pdf_pages(cards_pdf(client, town), 150)
    (url,) = scanned(page)
    return url


def scan(client, town, text, part=False, **fields):
    path = f"/e/{town['event']}/scanner"
    form = hidden(client, path) | {"scan_id": f"scan-{len(text)}-{len(fields)}", "text": text}
    answer = client.post(f"{path}?part=1" if part else path, data=form | fields)
    return answer.get_data(as_text=True)


def test_a_team_s_cards_are_printed_and_one_checks_in(client, town) -> None:
    sign_in(client, "limei")
    page = client.get(f"/teams/{town['team']}/cards").get_data(as_text=True)
    assert f'value="{town["wang"]}" checked' in page
    pdf = cards_pdf(client, town)
    assert "王建国" in pdf_text(pdf)
    url = scanned(pdf_pages(pdf, 150)[0])[0]
    # Who has a card is not ticked any more.
    page = client.get(f"/teams/{town['team']}/cards").get_data(as_text=True)
    assert "已有卡" in page
    assert f'value="{town["wang"]}" checked' not in page
    answer = scan(client, town, url)
    assert 'data-state="in"' in answer
    assert "王*国" in answer
    assert "王建国" not in answer


def test_who_is_no_member_gets_no_card_however_long_the_number(client, town) -> None:
    sign_in(client, "limei")
    path = f"/teams/{town['team']}/cards"
    for member in ("9" * 5000, "0", "-1", "x", ""):
        answer = client.post(path, data=hidden(client, path) | {"member": member})
        assert answer.status_code == 422, member[:10]
        assert "请在名册里选" in answer.get_data(as_text=True)


def test_the_script_gets_the_answer_alone(client, town) -> None:
    sign_in(client, "limei")
    url = card_url(client, town)
    first = scan(client, town, url, part=True)
    assert first.lstrip().startswith('<div class="scanned" data-state="in" data-present="1"')
    assert 'data-state="again"' in scan(client, town, url, part=True, tapped="once more")
    left = scan(client, town, url, part=True, kind="out", is_sure="1")
    assert 'data-state="out"' in left
    assert "/take-back" in left
    assert 'data-state="refused"' in scan(client, town, "HTTPS://X/K/" + "0" * 26, part=True)
    assert "请出示" in scan(client, town, " ", part=True) or "请填写" in scan(client, town, " ")


def test_whoever_finds_a_card_learns_nothing_of_its_person(client, town, app) -> None:
    sign_in(client, "limei")
    url = card_url(client, town)
    finder = app.test_client()
    for path in (url[url.index("/K/") :], url[url.index("/K/") :].lower(), "/k/anything"):
        answer = finder.get(path)
        assert answer.status_code == 200
        text = answer.get_data(as_text=True)
        assert "捡到这张卡" in text
        assert "王" not in text


def test_only_the_scanner_s_page_runs_a_decoder(client, town) -> None:
    sign_in(client, "limei")
    page = client.get(f"/e/{town['event']}/scanner")
    assert page.headers.getlist("Content-Security-Policy")[0].endswith("'wasm-unsafe-eval'")
    assert len(page.headers.getlist("Content-Security-Policy")) == 1
    assert "wasm" not in client.get(f"/e/{town['event']}").headers["Content-Security-Policy"]


def test_a_lost_card_is_ended_by_its_person_and_by_staff(client, town, app) -> None:
    sign_in(client, "limei")
    url = card_url(client, town)
    person = app.test_client()
    sign_in(person, "wang")
    assert "我的志愿者卡" in person.get("/me").get_data(as_text=True)
    assert person.post("/me/card/end", data=hidden(person, "/me")).status_code == 303
    assert 'data-state="refused"' in scan(client, town, url)
    office = app.test_client()
    sign_in(office, "zhoujing")
    path = f"/people/{town['wang']}"
    printed = office.post(f"{path}/card", data=hidden(office, path))
    assert printed.mimetype == "application/pdf"
    new = scanned(pdf_pages(printed.data, 150)[0])[0]
    assert 'data-state="in"' in scan(client, town, new)
    assert office.post(f"{path}/card/end", data=hidden(office, path)).status_code == 303
    assert "现在的卡" not in office.get(path).get_data(as_text=True)
