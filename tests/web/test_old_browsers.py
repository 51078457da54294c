"""The built styles and scripts, held against what Chromium 70 and iOS 12 understand."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = ROOT / "tools/frontend/old_browsers.mjs"

LACKING = {
    "css": {
        "@layer a{b{color:red}}": "@layer",
        "@container (width:1px){b{color:red}}": "@container",
        "@media (width>=30em){b{color:red}}": "media range",
        "a:is(b,c){color:red}": ":is",
        "a:where(b){color:red}": ":where",
        "a:has(b){color:red}": ":has",
        "a{&:hover{color:red}}": "nesting",
        "a{inset:0}": "inset",
        "a{margin-inline:0}": "margin-inline",
        "a{padding-inline-start:0}": "padding-inline-start",
        "a{aspect-ratio:1}": "aspect-ratio",
        "a{display:flex;gap:1px}": "gap in a flex row",
        "a{width:min(1px,2px)}": "min()",
        "a{width:clamp(1px,2px,3px)}": "clamp()",
        "a{height:100dvh}": "dvh",
        "a{color:color-mix(in srgb,red,blue)}": "color-mix()",
    },
    "js": {
        "a?.b": "Unexpected token",
        "a ?? b": "Unexpected token",
        "class A { #b = 1 }": "Unexpected character",
        "await a": "Unexpected token",
        "a.requestSubmit()": "requestSubmit",
        "a.replaceAll('b', 'c')": "replaceAll",
        "crypto.randomUUID()": "randomUUID",
        "structuredClone(a)": "structuredClone",
        "Promise.allSettled([])": "allSettled",
    },
}


def lint(*arguments: Path) -> subprocess.CompletedProcess[str]:
    """What the lint says, and whether it fails."""
    command = ["node", LINT, "lint", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_what_is_served_is_understood_by_the_oldest_browsers() -> None:
    said = lint()
    assert said.stdout + said.stderr == ""
    assert said.returncode == 0


@pytest.mark.parametrize("kind", LACKING)
def test_the_lint_finds_what_they_lack(tmp_path: Path, kind: str) -> None:
    for folder in ("css", "js"):
        (tmp_path / folder).mkdir()
    for number, written in enumerate(LACKING[kind]):
        (tmp_path / kind / f"{number}.{kind}").write_text(written)
    said = lint(tmp_path)
    assert said.returncode == 1
    found = said.stdout.splitlines()
    for number, name in enumerate(LACKING[kind].values()):
        assert any(line.startswith(f"{number}.{kind}: {name}") for line in found), name


def test_a_feature_behind_supports_is_no_fault(tmp_path: Path) -> None:
    for folder in ("css", "js"):
        (tmp_path / folder).mkdir()
    (tmp_path / "css/a.css").write_text("@supports (inset:0){a{inset:0}}")
    assert lint(tmp_path).returncode == 0


def test_what_has_no_old_value_before_it_is_refused_by_the_builder(tmp_path: Path) -> None:
    """A width in max() alone would be no width there."""
    guard = (ROOT / "tools/frontend/math_guard.mjs").as_uri()
    script = (
        "import postcss from 'postcss'; const { default: g } = await import(process.argv[1]);"
        "postcss([g]).process('a{width:max(1px,2px)}', { from: undefined }).css"
    )
    command = ["node", "--input-type=module", "-e", script, guard]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode != 0
    assert "needs a value without" in said.stderr
