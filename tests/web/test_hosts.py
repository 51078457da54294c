"""The host in a request is the caller's word: no address is made from it, a foreign one is 400."""

import re
import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from volunteer_service.app import create_app
from volunteer_service.settings import Settings
from volunteer_service.settings.hosts import Hosts

PACKAGE = Path(__file__).parents[2] / "volunteer_service"

FOREIGN = (
    "evil.example",
    "evil.example:80",
    "localhost.evil.example",
    "localhost@evil.example",
    "localhost:80@evil.example",
    "localhost, evil.example",
    "localhost evil.example",
    "localhost/evil.example",
    "localhost#.evil.example",
    "localhost\\evil.example",
    "localhost:",
    "localhost:0",
    "localhost:65536",
    "localhost:x",
    "localhost.",
    ".localhost",
    "[::1",
    "[evil.example]",
    "192.0.2.1",
    "[2001:db8::1]",
    "0.0.0.0",
    "127.0.0.1.evil.example",
    "2130706433",
    "",
)
OWN = (
    "localhost",
    "LOCALHOST",
    "LocalHost:8000",
    "localhost:65535",
    "127.0.0.1:8000",
    "127.8.9.10",
    "[::1]",
    "[::1]:8000",
    "[0:0:0:0:0:0:0:1]",
)
ADDRESSES = ("/sign-in", "/teams", "//teams//1", "//api//v1//teams", "/api/v1/teams", "/nowhere")


@pytest.fixture
def client(app_without_database: Flask) -> FlaskClient:
    """The host is judged before anything is read."""
    return app_without_database.test_client()


def asked(client: FlaskClient, path: str, headers: dict[str, str]) -> TestResponse:
    """The client would take ``//teams`` for a host: the path is put where the server puts it."""
    return client.get("/", headers=headers, environ_overrides={"PATH_INFO": path})


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", ADDRESSES)
def test_a_foreign_host_is_refused(client: FlaskClient, host: str, path: str) -> None:
    answer = asked(client, path, {"Host": host})
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "evil" not in answer.get_data(as_text=True)
    assert "http://localhost" in answer.get_data(as_text=True)


def test_it_is_refused_in_the_words_of_each_rim(client: FlaskClient) -> None:
    page = client.get("/teams", headers={"Host": "evil.example", "Accept-Language": "en"})
    assert "Please open http://localhost" in page.get_data(as_text=True)
    problem = client.get("/api/v1/teams", headers={"Host": "evil.example"})
    assert problem.get_json()["code"] == "foreign_host"
    assert "BASE_URL" in problem.get_json()["detail"]


@pytest.mark.parametrize("host", OWN)
def test_this_machine_s_names_are_known_in_a_demo(client: FlaskClient, host: str) -> None:
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/readyz"])
@pytest.mark.parametrize("host", ["evil.example", "10.1.2.3:8000", ""])
def test_machines_ask_under_any_name(client: FlaskClient, path: str, host: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code in (200, 503)
    assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["//teams//1", "/teams//1", "//api//v1//teams"])
@pytest.mark.parametrize("host", OWN)
def test_two_slashes_are_led_back_without_a_host(client: FlaskClient, path: str, host: str) -> None:
    answer = asked(client, path, {"Host": host})
    assert answer.status_code == 308
    assert answer.headers["Location"] == re.sub("/+", "/", path)
    assert "http" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["//evil.example", "//evil.example//..", "///teams/1", "/\\evil.example//x"]
)
def test_no_path_leads_away(client: FlaskClient, path: str) -> None:
    answer = asked(client, path, {})
    where = answer.headers.get("Location", "/")
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A production service behind one proxy."""
    folder = tmp_path_factory.mktemp("street")
    settings = Settings.from_env(
        {
            "APP_ENV": "production",
            "DATABASE_URL": f"sqlite:///{folder}/missing/service.db",
            "SECRET_KEY": secrets.token_hex(32),
            "PERSONAL_DATA_KEY": secrets.token_hex(32),
            "BASE_URL": "https://vol.example.cn:8443",
            "VAR_DIR": str(folder),
            "TRUSTED_PROXIES": "1",
            "HOST": "0.0.0.0",
        }
    )
    # The limiter is one for the process.
    return create_app(replace(settings, rate_limits=False)).test_client()


@pytest.mark.parametrize(
    ("host", "forwarded", "status"),
    [
        ("vol.example.cn", "vol.example.cn", 200),
        ("vol.example.cn:8443", None, 200),
        ("VOL.example.cn", None, 200),
        ("127.0.0.1:8000", "vol.example.cn", 200),
        ("vol.example.cn", "evil.example", 400),
        ("evil.example", None, 400),
        ("vol.example.cn:443", None, 400),
        ("vol.example.cn.", None, 400),
        ("127.0.0.1:8000", None, 400),
        ("localhost", None, 400),
        ("vol.example.cn", "vol.example.cn, evil.example", 400),
        ("vol.example.cn", "evil.example, vol.example.cn", 200),
    ],
)
def test_production_knows_its_base_url_alone(
    street: FlaskClient, host: str, forwarded: str | None, status: int
) -> None:
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    if forwarded is not None:
        headers["X-Forwarded-Host"] = forwarded
    answer = street.get("/sign-in", headers=headers)
    assert answer.status_code == status
    assert "evil" not in answer.get_data(as_text=True) + str(answer.headers)
    assert street.get("/healthz", headers=headers).status_code == 200


def test_what_no_proxy_of_ours_forwarded_counts_for_nothing(client: FlaskClient) -> None:
    answer = asked(client, "//teams//1", {"X-Forwarded-Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (308, "/teams/1")


def test_a_demo_on_the_network_knows_this_machine_s_own_addresses() -> None:
    own = Hosts("http://192.168.1.20:8000", "0.0.0.0", is_open=True)
    assert own.knows("192.168.1.20:8000")
    assert own.knows("127.0.0.1:8000")
    assert not own.knows("192.0.2.77:8000")
    assert not own.knows("224.0.0.1")
    alone = Hosts("http://127.0.0.1:8000", "127.0.0.1", is_open=True)
    assert not alone.knows("192.168.1.20:8000")


def test_a_name_in_chinese_is_known_as_browsers_write_it() -> None:
    own = Hosts("https://志愿.example.cn", "127.0.0.1", is_open=False)
    assert own.netloc.startswith("xn--")
    assert own.knows(own.netloc)


def test_no_line_of_the_code_makes_an_address_of_the_caller_s_host() -> None:
    uses = re.compile(r"_external|_scheme=|request\.(?:host|url|base_url|url_root|host_url)\b")
    found = [
        f"{path.relative_to(PACKAGE)}: {line.strip()}"
        for path in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if uses.search(line) and "request.url_rule" not in line
    ]
    assert found == []
