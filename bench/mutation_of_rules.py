"""Mutants of ``scoring/rules`` that the tests of the rules kill, of all that cosmic-ray makes.

A mutant is a module with one place changed. Each is loaded in a process of its own, which runs the
test of its module and, if that passes, ``tests/scoring/rules``. A mutant that the tests let live is
argued in ``ARGUED``, or the run fails.

Each verdict is kept in ``KEPT`` under a hash of the mutant and of the rules and tests on which it
depends; comments and docstrings do not count. A run that was stopped goes on where it ended.
"""

import ast
import hashlib
import importlib.abc
import importlib.util
import inspect
import os
import resource
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest
from _harness import figures
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from hypothesis import HealthCheck, Phase, settings

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "volunteer_service.scoring.rules"
RULES = ROOT.joinpath(*PACKAGE.split("."))
TESTS = ROOT / "tests" / "scoring" / "rules"
KEPT = ROOT / "var" / "mutation_of_rules.txt"
#: A mutant that loops is ended, and counts as killed: seconds of the processor, not of the clock,
#: so that a busy machine kills none.
PATIENCE_SECONDS = 60
#: A quick run tries one of so many mutants.
QUICK = 40

#: Not made: another operator in a type (``int | None``) changes no behaviour, and identity of
#: numbers (``is``) is an accident of the interpreter.
SKIPPED = ("BitOr_", "_Is", "_IsNot")

_ONE_OR_TWO = "a half is 1 or 2: <= 1 is == 1, >= 2 is == 2, and 3 ^ half is 3 - half"
_ONLY_INT = "no type equals int but int"
#: Mutants that no test can kill: module, the changed line as it then reads, and why it may live.
ARGUED: dict[tuple[str, str], str] = {
    ("half_years", "return date(self.year, 1 if self.half <= 1 else 7, 1)"): _ONE_OR_TWO,
    (
        "half_years",
        "return date(self.year, 6, 30) if self.half <= 1 else date(self.year, 12, 31)",
    ): _ONE_OR_TWO,
    ("half_years", "return type(self)(self.year - (self.half <= 1), 3 - self.half)"): _ONE_OR_TWO,
    ("half_years", "return type(self)(self.year + (self.half >= 2), 3 - self.half)"): _ONE_OR_TWO,
    ("half_years", "return type(self)(self.year - (self.half == 1), 3 ^ self.half)"): _ONE_OR_TWO,
    ("half_years", "return type(self)(self.year + (self.half == 2), 3 ^ self.half)"): _ONE_OR_TWO,
    ("policy", "fits = type(value) == int and least <= value <= most"): _ONLY_INT,
    ("policy", "and all(type(minutes) == int for minutes in value)"): _ONLY_INT,
    ("policy", "if type(format_) == int and format_ >= 1:"): _ONLY_INT,
    (
        "recognised_minutes",
        "return max(self.shift * policy.presence_percent // 100, _MINUTE)",
    ): "differs by less than a microsecond, and a timedelta has no less",
    ("recognised_minutes", "if minutes != stayed:"): "rounded down, minutes are never more",
    ("recognised_minutes", "if minutes <= 0:"): "minutes inside a shift are never below nothing",
    ("stars", "if stars >= len(thresholds):"): "nobody has more stars than there are",
    (
        "stars",
        'return next((reason for reason in self.reasons if reason.code <= "next_star"), None)',
    ): "where nothing costs the star, the only other reason is stars_by_minutes, which is later",
    ("stars", 'said = "" if format_ <= 1 else f"facts {format_}\\n"'): "no format is below 1",
}


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    module: str
    operator: str
    occurrence: int
    code: str
    line: str


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the mutant where its module is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = f"{PACKAGE}.{mutant.module}"
        self._path = str(RULES / f"{mutant.module}.py")
        self._code = mutant.code

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def exec_module(self, module) -> None:
        exec(compile(self._code, self._path, "exec"), module.__dict__)


def main() -> None:
    """Try every mutant, and print the ratio."""
    quick = figures.quick(__doc__)
    os.nice(10)
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path.insert(0, str(ROOT))
    # The first example that fails is enough, and the same ones are tried for every mutant.
    calm = {"deadline": None, "derandomize": True, "database": None, "max_examples": 40}
    calm |= {"phases": [Phase.explicit, Phase.generate], "report_multiple_bugs": False}
    settings.register_profile("mutants", suppress_health_check=list(HealthCheck), **calm)
    settings.load_profile("mutants")
    if _fate(None) == "lives":
        mutants = list(_mutants())[:: QUICK if quick else 1]
    else:
        sys.exit("The tests of the rules fail on the rules as they are.")
    lives = _verdicts(mutants)
    living = [mutant for mutant, alive in zip(mutants, lives, strict=True) if alive]
    open_ = [each for each in living if (each.module, each.line) not in ARGUED]
    stale = ARGUED.keys() - {(each.module, each.line) for each in living} if not quick else set()
    for module, line in sorted(stale):
        print(f"argued, and does not live: {module} {line}", flush=True)
    figures.say(
        "mutants of scoring/rules that its tests kill",
        len(mutants) - len(living),
        "mutants killed",
        "all mutants that cosmic-ray makes, but types, identity and what does not parse",
        round((len(mutants) - len(living)) / len(mutants), 4),
        "every mutant killed or argued",
        mutants=len(mutants),
        argued=len(living) - len(open_),
        unargued=len(open_),
    )
    sys.exit(1 if open_ or stale else 0)


def _verdicts(mutants: list[Mutant]) -> list[bool]:
    """Return for each mutant whether it lives; try those without a stored verdict."""
    kept = set(KEPT.read_text().splitlines()) if KEPT.exists() else set()
    states = {module: (_state(_reached(module)), _state(None)) for module in _sources(RULES)}
    keys = [[_key(state, each) for state in states[each.module]] for each in mutants]
    verdicts = [_verdict(pair, kept) for pair in keys]
    untried = [n for n, verdict in enumerate(verdicts) if verdict is None]
    print(f"{len(mutants)} mutants, {len(untried)} without a verdict", flush=True)
    KEPT.parent.mkdir(exist_ok=True)
    with get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool, KEPT.open("a") as file:
        fates = pool.imap(_fate, [mutants[n] for n in untried])
        for n, fate in _watched(fates, untried, mutants):
            verdicts[n] = fate == "lives"
            by_own, by_all = keys[n]
            print(f"killed {by_own}" if fate == "killed by its own test" else f"{fate} {by_all}",
                  file=file, flush=True)  # fmt: skip
    return [bool(verdict) for verdict in verdicts]


def _verdict(keys: list[str], kept: set[str]) -> bool | None:
    if any(f"killed {key}" in kept for key in keys):
        return False
    return True if f"lives {keys[1]}" in kept else None


def _key(state: str, mutant: Mutant) -> str:
    said = f"{state}\0{mutant.module}\0{_meant(mutant.code)}"
    return hashlib.sha256(said.encode()).hexdigest()


def _sources(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text() for path in sorted(folder.glob("*.py"))}


def _reached(module: str) -> set[str]:
    """Return the rules that a module and its own test import, directly or through others."""
    rules, tests = _sources(RULES), _sources(TESTS)
    found, new = set(), {module} | _imported(tests.get(f"test_{module}", ""))
    while new := {each for each in new if each in rules} - found:
        found |= new
        new = {name for each in new for name in _imported(rules[each])}
    return found | {f"test_{module}"}


def _imported(code: str) -> set[str]:
    froms = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in froms if node.module and node.module.startswith(PACKAGE)]
    direct = {node.module.removeprefix(PACKAGE).strip(".") for node in ours}
    return direct | {name.name for node in ours if node.module == PACKAGE for name in node.names}


def _state(names: set[str] | None) -> str:
    """Return a hash of what a verdict depends on: interpreter, runner, rules, tests (None: all)."""
    hashed = hashlib.sha256(sys.version.encode())
    for function in (main, _fate, _tested):
        hashed.update(inspect.getsource(function).encode())
    for name, code in (_sources(RULES) | _sources(TESTS)).items():
        if names is None or name in names:
            hashed.update(f"{name}\0{_meant(code)}\0".encode())
    return hashed.hexdigest()


def _meant(code: str) -> str:
    """Return what a module does: its syntax tree, without comments, docstrings and places."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = None
    return ast.dump(tree)


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def _watched(
    fates: Iterable[str], numbers: list[int], mutants: list[Mutant]
) -> Iterator[tuple[int, str]]:
    """Yield each verdict, and print at once which mutant lives, for a person who watches."""
    for n, fate in zip(numbers, fates, strict=True):
        if fate == "lives":
            said = f"{mutants[n].module} [{mutants[n].operator}] {mutants[n].line}"
            print(f"{n + 1} of {len(mutants)} lives: {said}", flush=True)
        yield n, fate


def _mutants() -> Iterator[Mutant]:
    for path in sorted(RULES.glob("*.py")):
        source = path.read_text()
        nodes = list(ast_nodes(get_ast(source)))
        for name in sorted(operator_names()):
            operator = get_operator(name)
            if operator.arguments() or name.endswith(SKIPPED) or SKIPPED[0] in name:
                continue
            places = sum(len(list(operator().mutation_positions(node))) for node in nodes)
            for occurrence in range(places):
                code = mutate_code(source, operator(), occurrence)
                if _parses(code):
                    line = _changed(source, code)
                    yield Mutant(path.stem, name.removeprefix("core/"), occurrence, code, line)


def _changed(before: str, after: str) -> str:
    old, new = before.splitlines(), after.splitlines()
    same = next((n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), 0)
    return new[same].strip()


def _fate(mutant: Mutant | None) -> str:
    """Return what becomes of a mutant (None: the rules as they are): its own test comes first."""
    own = TESTS / f"test_{mutant.module}.py" if mutant is not None else TESTS
    if own.exists() and not _passes(mutant, own):
        return "killed by its own test"
    return "lives" if _passes(mutant, TESTS) else "killed"


def _passes(mutant: Mutant | None, tests: Path) -> bool:
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE_SECONDS, PATIENCE_SECONDS))
        os._exit(_tested(mutant, tests))
    _, status = os.waitpid(child, 0)
    return status == 0


def _tested(mutant: Mutant | None, tests: Path) -> int:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    if mutant is not None:
        sys.meta_path.insert(0, _Mutated(mutant))
    options = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", f"--confcutdir={TESTS}"]
    # Without the plugins that these tests do not ask for, which take seconds to load.
    options += ["-o", "addopts=--import-mode=importlib", "-p", "_hypothesis_pytestplugin"]
    # Hypothesis is imported before pytest, which could otherwise rewrite its assertions.
    options += ["-W", "ignore:Module already imported"]
    return int(pytest.main([*options, str(tests)]))


if __name__ == "__main__":
    main()
