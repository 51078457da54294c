"""docs/security.md answers every requirement of its chapters of ASVS 5.0.0, each once."""

import re
from collections import Counter
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "security.md"

#: How many requirements each section of the standard's version 5.0.0 has.
SECTIONS = {
    "1": (2, 10, 12, 3, 3),
    "2": (3, 3, 5, 2),
    "3": (1, 3, 5, 8, 8, 1, 5),
    "4": (5, 5, 2, 4),
    "5": (1, 6, 3, 3),
    "6": (3, 12, 8, 6, 8, 4, 2, 4),
    "7": (3, 4, 2, 5, 3, 2),
    "8": (4, 4, 3, 2),
    "9": (3, 4),
    "11": (4, 5, 5, 4, 2, 2, 2),
    "12": (5, 2, 5),
    "13": (4, 6, 4, 7),
    "14": (2, 8, 3),
    "16": (1, 5, 4, 3, 4),
}
ANSWERS = ("held: ", "by build: ", "in part: ", "not held: ", "not here")


def answers() -> list[tuple[str, str]]:
    """Each requirement's number, and what is said about it."""
    rows = re.findall(r"^\| (\d[\d., ]*) \| [^|]+ \| (.+) \|$", PAGE.read_text("utf-8"), re.M)
    return [(number, said) for numbers, said in rows for number in numbers.split(", ")]


def test_every_requirement_is_answered_once() -> None:
    asked = {
        f"{chapter}.{section}.{number}"
        for chapter, counts in SECTIONS.items()
        for section, count in enumerate(counts, 1)
        for number in range(1, count + 1)
    }
    found = Counter(number for number, _said in answers())
    assert found.keys() == asked
    assert [number for number, times in found.items() if times > 1] == []


def test_every_answer_is_one_of_five_and_what_is_held_names_its_test() -> None:
    assert [said for _number, said in answers() if not said.startswith(ANSWERS)] == []
    held = [said for _number, said in answers() if said.startswith("held: ")]
    assert len(held) > 80
    assert [said for said in held if not re.search(r"`tests/\S+\.py::test_\w+`", said)] == []
