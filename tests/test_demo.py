"""Cases in which the demo town is not seeded."""

from dataclasses import replace

import pytest
from flask import Flask

from tests.demo.finding import AT, count
from volunteer_service import demo
from volunteer_service.areas.models import Area
from volunteer_service.db import transaction


def test_production_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    production = replace(app.extensions["settings"], app_env="production")
    monkeypatch.setitem(app.extensions, "settings", production)
    with app.app_context(), transaction():
        with pytest.raises(demo.NotForProduction):
            demo.seed(AT)
        assert count(Area) == 0
