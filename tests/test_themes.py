"""A new theme is one new folder: found, served, guarded and documented without another line."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from tests.conftest import settings_for
from volunteer_service import api, web
from volunteer_service.app import create_app

WEB = {
    "__init__.py": "from volunteer_service.web.toy.views import bp\n",
    "views.py": """
from flask import Blueprint

from volunteer_service.web.shared.guard import public, signed_in

bp = Blueprint("toy", __name__)


@bp.get("/toy")
@public
def index() -> str:
    return "a toy"


@bp.get("/toy/mine")
@signed_in
def mine() -> str:
    return "my toy"
""",
}
API = {
    "__init__.py": "from volunteer_service.api.toy.views import bp\n",
    "views.py": """
from marshmallow import Schema, fields

from volunteer_service.api.shared.auth import guarded
from volunteer_service.api.shared.blueprint import Blueprint

bp = Blueprint("api_toy", __name__, url_prefix="", description="Toys")


class ToyOut(Schema):
    name = fields.String(required=True)


@bp.get("/toys")
@guarded("read")
@bp.response(200, ToyOut)
def toys() -> dict[str, str]:
    \"\"\"A toy.\"\"\"
    return {"name": "kite"}
""",
}


def lay(folder: Path, files: dict[str, str], package: ModuleType, undo: pytest.MonkeyPatch) -> None:
    """Put the theme's folder where the package looks for its themes."""
    (folder / "toy").mkdir(parents=True)
    for name, text in files.items():
        (folder / "toy" / name).write_text(text, encoding="utf-8")
    undo.setattr(package, "__path__", [*package.__path__, str(folder)])


@pytest.fixture
def grown(
    tmp_path: Path,
    databases_of_run: object,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    """The service with one more theme in api and in web."""
    lay(tmp_path / "web", WEB, web, monkeypatch)
    lay(tmp_path / "api", API, api, monkeypatch)
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    yield create_app(settings_for(url, tmp_path / "var"))
    for name in [name for name in sys.modules if ".toy" in name]:
        del sys.modules[name]
    for package in (web, api):
        vars(package).pop("toy", None)


def test_it_is_served_guarded_and_documented(grown: Flask) -> None:
    client = grown.test_client()
    assert client.get("/toy").text == "a toy"
    assert "/sign-in" in client.get("/toy/mine").headers["Location"]
    assert client.get("/api/v1/toys").status_code == 401
    document = client.get("/api/v1/openapi.json").json
    assert document["paths"]["/api/v1/toys"]["get"]["summary"] == "A toy."
    assert "Toys" in [tag["name"] for tag in document["tags"]]


@pytest.mark.parametrize("package", [web, api])
def test_only_themes_and_what_they_share_lie_in_api_and_web(package: ModuleType) -> None:
    folder = Path(package.__path__[0])
    assert len([path for path in folder.iterdir() if path.is_file()]) <= 12
    assert {"shared", *package.themes()} == {
        path.parent.name for path in folder.glob("*/__init__.py")
    }
