"""Maintains the translations: ``update`` finds the messages, ``compile`` makes the served
catalogues.

The Chinese text is the message id, so Chinese needs no catalogue. Refusals are plain class
attributes (``message = "..."``), because a domain knows nothing of translation; they are found
here by their shape.
"""

import ast
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent

Found = tuple[int, str | None, str | tuple[str, ...], list[str]]


def read_settings() -> tuple[Path, str, list[str], list[tuple[str, str]]]:
    """Return folder, domain, locales, and which files are read how: ``[babel]`` in setup.cfg."""
    parser = ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    babel = parser["babel"]
    lines = [line.split("=") for line in babel["extract"].strip().splitlines()]
    reading = [(pattern.strip(), method.strip()) for pattern, method in lines]
    return ROOT / babel["directory"], babel["domain"], babel["locales"].split(), reading


def refusals(source: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """Extract messages for Babel: each ``message`` of a class body, every ``why``, and the text in
    ``_()``.

    ``message_to_others`` counts as one. A domain says why as ``why="..."``: an argument, a
    variable, or a table named ``..._CURES``.
    """
    from babel.messages.extract import extract_python

    for node in ast.walk(ast.parse(source.read())):
        if isinstance(node, ast.ClassDef):
            yield from _class_messages(node)
        yield from _whys(node)
    source.seek(0)
    yield from extract_python(source, keywords, comment_tags, options)


def _class_messages(node: ast.ClassDef) -> Iterator[Found]:
    for part in node.body:
        target = part.targets[0] if isinstance(part, ast.Assign) else getattr(part, "target", None)
        value = getattr(part, "value", None)
        if (
            isinstance(target, ast.Name)
            and target.id in ("message", "message_to_others")
            and isinstance(value, ast.Constant)
            and isinstance(value.value, str)
        ):
            yield part.lineno, None, value.value, []


def _whys(node: ast.AST) -> Iterator[Found]:
    match node:
        case ast.keyword(arg="why", value=value):
            yield from _texts(value)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            if name == "why" or name.endswith("_CURES"):
                yield from _texts(value)
        case ast.Call(func=ast.Name(id="Reason"), args=[_, _, value]):
            # The cure of a row of a workbook that is refused.
            yield from _texts(value)


def _texts(node: ast.expr) -> Iterator[Found]:
    """Yield a text, those of a table, or what a look-up in a table falls back to."""
    match node:
        case ast.Constant(value=str(text)):
            yield node.lineno, None, text, []
        case ast.Dict(values=values) | ast.Call(ast.Attribute(attr="get"), args=[_, *values]):
            for value in values:
                yield from _texts(value)


def template() -> Any:
    """Return every message of the code, without translations."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

    _folder, _domain, _locales, reading = read_settings()
    methods = {"python": refusals, "jinja2": "jinja2"}
    keywords = {
        **DEFAULT_KEYWORDS,
        "lazy_gettext": None,
        "_l": None,
        "Phrase": None,
        "Sentence": None,
        "Bounds": None,
        "Lengths": None,
    }
    found = Catalog(project="volunteer_service", charset="utf-8")
    for name, line, message, _comments, context in extract_from_dir(
        ROOT,
        method_map=[(pattern, methods[method]) for pattern, method in reading],
        keywords=keywords,
    ):
        # Only ASCII is no message but a name inside the call, as in _(row["why"]).
        if not "".join(message).isascii():
            found.add(message, None, [(name, line)], context=context)
    return found


def update() -> None:
    """Update every catalogue to the messages in the code; existing translations stay."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    folder, domain, locales, _reading = read_settings()
    messages = template()
    for locale in locales:
        path = folder / locale / "LC_MESSAGES" / f"{domain}.po"
        catalogue = Catalog(locale=locale)
        if path.is_file():
            with path.open("rb") as file:
                catalogue = read_po(file, locale=locale)
        catalogue.update(messages, no_fuzzy_matching=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(
                file,
                catalogue,
                width=100,
                sort_output=True,
                include_lineno=False,
                ignore_obsolete=True,
            )
        missing = sum(1 for message in catalogue if _is_empty(message))
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} messages, {missing} not translated")


def compile_all() -> None:
    """Make the binary catalogue of each text catalogue that is newer."""
    folder, _domain, locales, _reading = read_settings()
    for locale in locales:
        for path in (folder / locale).rglob("*.po"):
            made = path.with_suffix(".mo")
            if not made.is_file() or made.stat().st_mtime < path.stat().st_mtime:
                _compile(path, made, locale)


def _compile(path: Path, made: Path, locale: str) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as source, made.open("wb") as target:
        write_mo(target, read_po(source, locale=locale))


def fill(*tables: str) -> None:
    """Fill empty translations from tables of ``中文<TAB>English`` lines; existing ones stay."""
    from babel.messages.pofile import read_po, write_po

    folder, domain, _locales, _reading = read_settings()
    path = folder / "en" / "LC_MESSAGES" / f"{domain}.po"
    english: dict[str, str] = {}
    for table in tables:
        for line in Path(table).read_text(encoding="utf-8").splitlines():
            source, tab, target = line.partition("\t")
            if tab:
                english[source.replace("\\n", "\n")] = target.strip().replace("\\n", "\n")
    with path.open("rb") as file:
        catalogue = read_po(file, locale="en")
    for message in catalogue:
        if _is_empty(message) and message.id in english:
            message.string = english[message.id]
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
    empty = [str(message.id) for message in catalogue if _is_empty(message)]
    print(f"{len(empty)} messages not translated", *empty, sep="\n")


def _is_empty(message: Any) -> bool:
    """Tell whether a message lacks its translation, or a plural one of them."""
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(message.id) and not all(strings)


VERBS = {"update": update, "compile": compile_all, "fill": fill}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in VERBS:
        sys.exit("usage: translations.py update | compile | fill TABLE.tsv ...")
    VERBS[sys.argv[1]](*sys.argv[2:])
