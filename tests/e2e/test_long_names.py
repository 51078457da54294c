"""Names as long as they may be and figures of a whole town: no page gets wider than a phone."""

import pytest

from tests.e2e.conftest import Open
from tests.e2e.pages import READERS, paths
from tests.e2e.street import Street

pytestmark = pytest.mark.e2e

#: What people write, and how much of it its column holds.
WRITTEN = {
    "accounts": {"name": 60},
    "areas": {"name": 60},
    "events": {"title": 80, "place": 80, "content": 400},
    "gifts": {"name": 60},
    "teams": {"name": 60, "recording_unit": 60},
    "volunteers": {"name": 60},
}
#: Writes a whole town's hours into each figure with a unit, and tells how many there are.
GROW = """() => {
  const figures = [...document.querySelectorAll(".stat-value .together")];
  for (const figure of figures) figure.textContent = "1,234,567.5 小时";
  return figures.length;
}"""


@pytest.fixture
def wordy(street: Street) -> Street:
    """The town with long names everywhere; the ids tell unique ones apart."""
    for table, columns in WRITTEN.items():
        for column, longest in columns.items():
            street.change(f"UPDATE {table} SET {column} = ? || id", "W" * (longest - 4))
    return street


@pytest.mark.parametrize("reader", ["volunteer", "leader", "coordinator", "desk"])
def test_no_page_is_wider_than_a_phone(wordy: Street, phone: Open, reader: str) -> None:
    page = phone(READERS[reader])
    wide, seen, figures = {}, 0, 0
    for path in paths(wordy):
        answer = page.goto(wordy.url + path)
        assert answer
        if answer.status != 200:
            continue
        width = page.evaluate("document.documentElement.scrollWidth")
        seen += 1
        figures += page.evaluate(GROW)
        grown = page.evaluate("document.documentElement.scrollWidth")
        if max(width, grown) > 360:
            wide[path] = width, grown
    assert wide == {}
    assert seen > 15
    assert figures or reader == "desk"
