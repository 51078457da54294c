"""The long steps of an import begin with what asked for them, or not at all."""

import pytest
from flask import Flask

from tests.workbooks.town import NOON, SYSTEM
from volunteer_service.db import transaction
from volunteer_service.workbooks import background_steps


def test_a_step_of_what_is_rolled_back_is_not_waited_for(app: Flask) -> None:
    def asked_and_refused() -> None:
        with transaction():
            background_steps.read(1, app.app_context, by=SYSTEM, at=NOON)
            raise LookupError

    with app.app_context(), pytest.raises(LookupError):
        asked_and_refused()

    background_steps.wait()

    assert background_steps._running == set()
