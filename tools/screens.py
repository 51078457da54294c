"""Checks every page as its person: pictures, axe-core, layout shift, bytes, Lighthouse.

.venv/bin/python tools/screens.py [--reader R]… [--path START]… [--width N]… [--theme T] [--lang L]

Pictures, contact sheets and ``summary.json`` go to ``build/screens/``. Each page is looked at by
the first reader who may open it, on phone, tablet, desk and wall. Without options that is every
page in both themes and languages: some half an hour on a quiet machine. Lighthouse runs where the
environment names its command line (``LIGHTHOUSE=…/lighthouse/cli/index.js``); it is no dependency.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from tests.e2e.conftest import sign_in  # noqa: E402
from tests.e2e.pages import READERS, paths  # noqa: E402
from tests.e2e.street import CHROMIUM, Street, seed, served  # noqa: E402

OUT = ROOT / "build" / "screens"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS, THEMES, LANGS = (360, 768, 1280, 1920), ("light", "dark"), ("zh", "en")
#: The pages that a volunteer opens most.
MAIN = ("/", "/my/records", "/events", "/gifts", "/my/star")
#: The order of readers: the person whose page it is, before others who may open it.
FIRST = ("stranger", "volunteer", "leader", "desk", "coordinator", "auditor", "admin")
_LOOK = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] })
  const html = nodes => nodes.slice(0, 2).map(n => n.html.slice(0, 120)).join(' | ')
  return found.violations.map(v => v.id + ': ' + html(v.nodes))
}"""
_SHIFT = """window.__shift = 0
new PerformanceObserver(list => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.__shift += each.value
}).observe({ type: 'layout-shift', buffered: true })"""
_TILE, _ACROSS, _TALL = 240, 8, 520


@dataclass
class Looked:
    """One page as one person saw it, in one theme and language."""

    reader: str
    path: str
    theme: str
    lang: str
    violations: list[str] = field(default_factory=list)
    shift: float = 0.0
    #: Bytes over the wire, without fonts.
    sent: int = 0
    #: Widths at which it is wider than the screen.
    wide: list[int] = field(default_factory=list)
    pictures: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """The requested pages: whose, which, how."""

    readers: Sequence[str]
    starts: tuple[str, ...]
    widths: Sequence[int]
    themes: Sequence[str]
    langs: Sequence[str]

    def wants(self, path: str) -> bool:
        """Tell whether a page is requested."""
        return not self.starts or path == "/" in self.starts or path.startswith(self.starts)


def main() -> None:
    """Check the pages, draw the sheets, print what was found."""
    wish = _wish()
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        seeded = seed(Path(folder) / "seeded", datetime.now(UTC))
        with served(seeded, Path(folder) / "var") as street:
            browser = playwright.chromium.launch(**CHROMIUM)
            looked = list(_every(browser, street, wish))
            scores = _lighthouse(browser, street) if "LIGHTHOUSE" in os.environ else {}
            browser.close()
    _sheets(looked, wish)
    _say(looked, scores)


def _wish() -> Wish:
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--reader", action="append", choices=FIRST)
    parser.add_argument("--path", action="append", default=[])
    parser.add_argument("--width", action="append", type=int)
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--lang", action="append", choices=LANGS)
    given = parser.parse_args()
    return Wish(
        given.reader or FIRST,
        tuple(given.path),
        given.width or WIDTHS,
        given.theme or THEMES,
        given.lang or LANGS,
    )


def _every(browser: Browser, street: Street, wish: Wish) -> Iterator[Looked]:
    """Yield each page once for each theme and language, by the first reader who may open it."""
    left = [path for path in paths(street) if wish.wants(path)]
    for reader in wish.readers:
        context = _context(browser, street, reader)
        seen = []
        for path in left:
            if context.request.get(street.url + path, max_redirects=0).status == 200:
                seen.append(path)
        for lang in wish.langs:
            context.add_cookies([{"name": "lang", "value": lang, "url": street.url}])
            for theme in wish.themes:
                page = context.new_page()
                page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                for path in seen:
                    yield _look(page, street, Looked(reader, path, theme, lang), wish.widths)
                page.close()
        context.close()
        left = [path for path in left if path not in seen]


def _context(browser: Browser, street: Street, reader: str) -> BrowserContext:
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", bypass_csp=True, viewport=_size(WIDTHS[0])
    )
    context.set_default_timeout(60_000)
    context.add_init_script(_SHIFT)
    login = READERS[reader]
    if login is not None:
        sign_in(context.new_page(), street, login)
    return context


def _look(page: Page, street: Street, found: Looked, widths: Sequence[int]) -> Looked:
    page.set_viewport_size(_size(widths[0]))
    sent: Counter[str] = Counter()
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, str] = {}
    client.on(
        "Network.responseReceived", lambda each: kinds.update({each["requestId"]: each["type"]})
    )
    client.on(
        "Network.loadingFinished",
        lambda each: sent.update(
            {kinds.get(each["requestId"], ""): int(each["encodedDataLength"])}
        ),
    )
    page.goto(street.url + found.path)
    page.wait_for_load_state("networkidle")
    found.shift = round(float(page.evaluate("window.__shift")), 4)
    found.sent = sum(n for kind, n in sent.items() if kind != "Font")
    client.detach()
    page.evaluate(AXE.read_text())
    for width in widths:
        page.set_viewport_size(_size(width))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.wide.append(width)
        name = f"{found.path.strip('/').replace('/', '-').partition('?')[0] or 'home'}"
        file = OUT / f"{found.reader}-{name}-{width}-{found.theme}-{found.lang}.png"
        page.screenshot(path=file, full_page=True)
        found.pictures[width] = file.name
        told = page.evaluate(_LOOK) if width in (widths[0], widths[-1]) else []
        found.violations += [f"{each} ({width})" for each in told]
    return found


def _size(width: int) -> Any:
    return {"width": width, "height": 740 if width < 700 else 900}


def _lighthouse(browser: Browser, street: Street) -> dict[str, dict[str, int]]:
    """Return Lighthouse's scores of the volunteer's main pages on a phone, by category."""
    found = {}
    context = _context(browser, street, "volunteer")
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in context.cookies())
    context.close()
    with tempfile.TemporaryDirectory() as folder:
        headers, report = Path(folder) / "headers.json", Path(folder) / "report.json"
        headers.write_text(json.dumps({"Cookie": cookies}))
        for path in MAIN:
            subprocess.run(
                [
                    *("node", os.environ["LIGHTHOUSE"], street.url + path, "--quiet"),
                    *("--output=json", f"--output-path={report}", f"--extra-headers={headers}"),
                    "--only-categories=performance,accessibility,best-practices",
                    f"--chrome-flags=--headless=new {' '.join(CHROMIUM['args'])}",
                ],
                check=True,
                env=os.environ | {"CHROME_PATH": CHROMIUM["executable_path"]},
            )
            told = json.loads(report.read_text())["categories"]
            found[path] = {name: round(100 * each["score"]) for name, each in told.items()}
    return found


def _sheets(looked: Sequence[Looked], wish: Wish) -> None:
    """Draw many pages on one picture, for each reader, width, theme and language."""
    for reader in wish.readers:
        for width in wish.widths:
            for theme in wish.themes:
                for lang in wish.langs:
                    names = [
                        each.pictures[width]
                        for each in looked
                        if (each.reader, each.theme, each.lang) == (reader, theme, lang)
                    ]
                    if names:
                        _sheet(names, OUT / f"sheet-{reader}-{width}-{theme}-{lang}.png")


def _sheet(names: Sequence[str], out: Path) -> None:
    rows = -(-len(names) // _ACROSS)
    ground = Image.new("RGB", (_ACROSS * (_TILE + 8), rows * (_TALL + 8)), "#888888")
    for n, name in enumerate(names):
        with Image.open(OUT / name) as picture:
            height = picture.height * _TILE // picture.width
            tile = (
                picture.convert("RGB")
                .resize((_TILE, height))
                .crop((0, 0, _TILE, min(height, _TALL)))
            )
        ground.paste(tile, (n % _ACROSS * (_TILE + 8), n // _ACROSS * (_TALL + 8)))
    ground.save(out)


def _say(looked: Sequence[Looked], scores: Mapping[str, Mapping[str, int]]) -> None:
    told = {"pages": [asdict(each) for each in looked], "lighthouse": scores}
    (OUT / "summary.json").write_text(json.dumps(told, ensure_ascii=False, indent=1))
    for each in looked:
        for what in (*each.violations, *(f"wider than {width}" for width in each.wide)):
            print(f"{each.path} {each.reader} {each.theme} {each.lang}: {what}")
    first = [each.sent for each in looked if each.reader == "stranger" and each.path == "/"]
    print(f"{len(looked)} looks at {len({each.path for each in looked})} pages")
    print(f"axe: {sum(len(each.violations) for each in looked)} violations")
    print(f"wider than the screen: {sum(len(each.wide) for each in looked)}")
    worst = max(looked, key=lambda each: each.shift, default=None)
    print(f"layout shift: at most {worst.shift} ({worst.path})" if worst else "no page")
    print(f"first page: {max(first, default=0) / 1000:.1f} kB compressed, without fonts")
    for path, categories in scores.items():
        print(path, " ".join(f"{name} {score}" for name, score in categories.items()))


if __name__ == "__main__":
    main()
