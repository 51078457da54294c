"""Builds styles and scripts, and copies what else is needed from npm's packages into the package.

``web/frontend`` is written for today; ``tools/frontend/build.mjs`` makes ``web/static/css`` and
``js`` of it, which the oldest browsers understand (docs/decisions/0025).

``package-lock.json`` pins what comes; a stamp says what is there, so a second run costs nothing.
The certificate font is kept whole. For pages the rare characters of Chinese names (𬱖 䶮 㛃) are
cut from it into small files, because many phones lack them; a page loads only those it shows.
"""

import hashlib
import io
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NPM = ROOT / "node_modules"
VENDOR = ROOT / "volunteer_service" / "web" / "static" / "vendor"
FONTS = ROOT / "volunteer_service" / "paper" / "fonts"
STAMP = VENDOR / ".made"
FRONTEND = ROOT / "volunteer_service" / "web" / "frontend"
BUILDER = ROOT / "tools" / "frontend"
BUILT = VENDOR / ".frontend-made"

SECOND = NPM / "@expo-google-fonts" / "noto-sans-hk"
NOTO = NPM / "@expo-google-fonts" / "noto-sans-sc"
SWAGGER = NPM / "swagger-ui-dist"
NACL = NPM / "tweetnacl"
ZXING = NPM / "zxing-wasm" / "dist"
COPIES = {
    SWAGGER / "swagger-ui.css": VENDOR / "swagger-ui" / "swagger-ui.css",
    SWAGGER / "swagger-ui-bundle.js": VENDOR / "swagger-ui" / "swagger-ui-bundle.js",
    SWAGGER / "swagger-ui-standalone-preset.js": (
        VENDOR / "swagger-ui" / "swagger-ui-standalone-preset.js"
    ),
    ZXING / "iife" / "reader" / "index.js": VENDOR / "zxing" / "reader.js",
    ZXING / "reader" / "zxing_reader.wasm": VENDOR / "zxing" / "zxing_reader.wasm",
    ZXING.parent / "LICENSE": VENDOR / "zxing" / "LICENSE",
    NACL / "nacl-fast.min.js": VENDOR / "tweetnacl" / "nacl-fast.min.js",
    NACL / "LICENSE": VENDOR / "tweetnacl" / "LICENSE",
    SWAGGER / "LICENSE": VENDOR / "swagger-ui" / "LICENSE",
    SWAGGER / "NOTICE": VENDOR / "swagger-ui" / "NOTICE",
    NOTO / "400Regular" / "NotoSansSC_400Regular.ttf": FONTS / "NotoSansSC-Regular.ttf",
    NOTO / "700Bold" / "NotoSansSC_700Bold.ttf": FONTS / "NotoSansSC-Bold.ttf",
    NOTO / "LICENSE_FONT": FONTS / "OFL.txt",
}

#: The second font of the papers, of which only what the first lacks is kept.
SECONDS = {
    SECOND / "400Regular" / "NotoSansHK_400Regular.ttf": FONTS / "NotoSansHK-Regular.ttf",
    SECOND / "700Bold" / "NotoSansHK_700Bold.ttf": FONTS / "NotoSansHK-Bold.ttf",
}

#: Chinese characters, all as wide as they are high.
CHINESE = [range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x40000)]
EXTENSION_A = range(0x3400, 0x4DC0)
BEYOND_BMP = range(0x20000, 0x30000)
#: The characters that every weight of the papers draws: asked for each name, so no font is opened.
DRAWN = "drawn.txt"
#: Code points in one font file: some 60 kB, a tenth of a second on a phone.
SLICE = 0x200

FACE = """@font-face {{
  font-family: "Rare SC";
  src: url("{file}") format("woff2");
  font-display: swap;
  unicode-range: U+{first:X}-{last:X};
}}
"""


def main() -> None:
    """Make every asset unless the stamps say that they are there."""
    if not made():
        copy()
    if not built():
        build()


def copy() -> None:
    """Install the packages, then copy everything that is taken from them unchanged."""
    print("Fetching browser assets and the certificate font (npm ci) ...", flush=True)
    install()
    for folder in (VENDOR, FONTS):
        shutil.rmtree(folder, ignore_errors=True)
    for source, target in COPIES.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    cut_rare_characters(NOTO / "400Regular" / "NotoSansSC_400Regular.ttf", VENDOR / "rare-sc")
    cut_second_font()
    list_drawn(FONTS)
    STAMP.write_text(fingerprint())


def made() -> bool:
    """Tell whether every file is there, made from this lock file by this script."""
    stamped = STAMP.is_file() and STAMP.read_text() == fingerprint()
    return stamped and all(
        target.is_file() for target in [*COPIES.values(), *SECONDS.values(), FONTS / DRAWN]
    )


def fingerprint() -> str:
    """Return a mark of the sources of the assets and of this script."""
    return digest([ROOT / "package-lock.json", Path(__file__)])


def built() -> bool:
    """Tell whether styles and scripts were built from these sources by this builder."""
    there = all((VENDOR.parent / part.relative_to(FRONTEND)).is_file() for part in entries())
    return there and BUILT.is_file() and BUILT.read_text() == sources()


def build() -> None:
    """Build styles and scripts for the oldest browsers."""
    if not (NPM / "lightningcss").is_dir():
        install()
    node = shutil.which("node")
    if node is None:
        sys.exit("node is missing; it builds the styles: apt-get install nodejs npm")
    if subprocess.run([node, BUILDER / "build.mjs"], cwd=ROOT, stdout=sys.stderr).returncode:
        sys.exit("The styles and scripts could not be built; the reason is above.")
    BUILT.write_text(sources())


def entries() -> list[Path]:
    """Return what becomes a file of its own."""
    return [*FRONTEND.glob("css/*.css"), *FRONTEND.glob("js/*.js")]


def sources() -> str:
    """Return the sources of styles and scripts, and the builder."""
    parts = [path for folder in (FRONTEND, BUILDER) for path in folder.rglob("*") if path.is_file()]
    return digest([ROOT / "package-lock.json", *sorted(parts)])


def digest(files: list[Path]) -> str:
    """Return one hash of the contents of these files."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def install() -> None:
    """Install ``node_modules`` from the lock file; package scripts never run (see ``.npmrc``)."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing; it brings the browser assets: apt-get install nodejs npm")
    if subprocess.run([npm, "ci", "--loglevel=error"], cwd=ROOT, stdout=sys.stderr).returncode:
        sys.exit("npm could not fetch the browser assets; its reason is above.")


def cut_rare_characters(source: Path, folder: Path) -> None:
    """Write the font files of the rare characters and the style sheet that offers them."""
    from fontTools.ttLib import TTFont

    folder.mkdir(parents=True)
    rare = subset(source.read_bytes(), [*EXTENSION_A, *BEYOND_BMP])
    points = sorted(TTFont(io.BytesIO(rare)).getBestCmap())
    faces = []
    for part in slices(points):
        name = f"rare-sc-{part[0]:x}.woff2"
        (folder / name).write_bytes(subset(rare, part, flavor="woff2"))
        faces.append(FACE.format(file=name, first=part[0], last=part[-1]))
    (folder / "rare-sc.css").write_text("".join(faces))
    shutil.copyfile(NOTO / "LICENSE_FONT", folder / "OFL.txt")


def cut_second_font() -> None:
    """Write of the second font the Chinese characters that the first one lacks."""
    first = drawn_by(FONTS.glob("NotoSansSC-*.ttf"))
    more = drawn_by(SECONDS) - first
    points = sorted(point for point in more if any(point in each for each in CHINESE))
    for source, target in SECONDS.items():
        target.write_bytes(subset(source.read_bytes(), points))


def drawn_by(fonts: Iterable[Path]) -> set[int]:
    """Return the characters that all of these fonts draw."""
    from fontTools.ttLib import TTFont

    return set.intersection(*(set(TTFont(path).getBestCmap()) for path in fonts))


def slices(points: list[int]) -> list[list[int]]:
    """Return extension A by code point range, and the few characters beyond the BMP as one file."""
    near = [point for point in points if point in EXTENSION_A]
    starts = range(0, len(near), SLICE)
    return [near[at : at + SLICE] for at in starts] + [points[len(near) :]]


def list_drawn(folder: Path) -> None:
    """Write which characters both weights of one of the two fonts draw, as runs `first last` in
    hexadecimal.
    """
    families = ("NotoSansSC-*.ttf", "NotoSansHK-*.ttf")
    points = set.union(*(drawn_by(folder.glob(each)) for each in families))
    firsts = sorted(point for point in points if point - 1 not in points)
    lasts = sorted(point for point in points if point + 1 not in points)
    runs = zip(firsts, lasts, strict=True)
    (folder / DRAWN).write_text("".join(f"{first:x} {last:x}\n" for first, last in runs))


def subset(font: bytes, points: list[int], flavor: str | None = None) -> bytes:
    """Return the font with only these characters, without hints and layout rules."""
    from fontTools import subset as cutter

    options = cutter.Options(hinting=False, layout_features=[], notdef_outline=True, flavor=flavor)
    loaded = cutter.load_font(io.BytesIO(font), options)
    job = cutter.Subsetter(options)
    job.populate(unicodes=points)
    job.subset(loaded)
    small = io.BytesIO()
    cutter.save_font(loaded, small, options)
    return small.getvalue()


if __name__ == "__main__":
    main()
