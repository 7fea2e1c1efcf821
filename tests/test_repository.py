"""Rules of the repository itself: what may be kept in it, that its pins are whole, that its texts are whole, and which way imports go."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
MAX_BYTES = 12 * 2**20
LOCK_FILE = re.compile(r"(^|/)([^/]*\.lock|[\w.-]*[-.]lock\.(json|ya?ml|toml)|pylock[\w.]*\.toml|npm-shrinkwrap\.json)$", re.IGNORECASE)
REGISTRY = re.compile(r"(pypi\.|pythonhosted\.|registry\.(npmjs|yarnpkg)\.|(?<!no-emit-)(extra-)?index[-_]url|--find-links[ =])")
MACHINE_PATH = re.compile(r"(?<![\w.*])(/(root|work|opt|home/\w+|Users/\w+)/|[A-Z]:\\Users\\)")

LANGUAGES = {"zh", "en"}
CODE_CALLS = {"error", "warning", "note"}
# Each room may import those of a lower number, and its own; the faces and the API stand above all of them.
FLOORS = {"texts": 0, "problems": 1, "located": 2, "language": 3, "ruleset": 4, "dossier": 4, "assess": 5}
FLOORS |= {"advise": 6, "bulk": 6, "official": 6, "report": 6, "proof": 7, "rounds": 7}


# --- what is kept ---


@cache
def tracked() -> tuple[Path, ...]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


@cache
def tracked_texts() -> dict[str, str]:
    """Each tracked text file by its name; a file with a NUL byte is binary."""
    contents = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in tracked()}
    return {name: raw.decode("utf-8") for name, raw in contents.items() if b"\0" not in raw}


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in tracked_texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_tracked_file_is_over_the_size_limit() -> None:
    assert [str(path) for path in tracked() if path.stat().st_size > MAX_BYTES] == []


def test_no_lock_file_is_tracked() -> None:
    assert [str(path) for path in tracked() if LOCK_FILE.search(path.relative_to(ROOT).as_posix())] == []


def test_no_tracked_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY) == []


def test_no_tracked_file_names_a_path_of_somebodys_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


@pytest.mark.parametrize("name", ["uv.lock", "web/package-lock.json", "pylock.toml", "pnpm-lock.yaml"])
def test_lock_files_are_recognised(name: str) -> None:
    assert LOCK_FILE.search(name)


def test_the_makefile_has_the_promised_targets() -> None:
    targets = set(re.findall(r"^([a-z]+):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"demo", "test", "lint", "bench", "clean", "help"} <= targets


# --- the pins ---


def pins() -> dict[str, tuple[str, int]]:
    """Version and number of hashes by package name."""
    text = (ROOT / "requirements" / "constraints.txt").read_text(encoding="utf-8")
    blocks = re.findall(r"^([\w.-]+)==(\S+)(.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    return {canonicalize_name(name): (version, rest.count("--hash=sha256:")) for name, version, rest in blocks}


def test_every_requirement_of_the_project_is_pinned_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    wanted = [Requirement(text) for text in project["project"]["dependencies"] + groups["build"] + groups["dev"]]
    pinned = {name: version for name, (version, _) in pins().items()}
    assert [str(need) for need in wanted if not need.specifier.contains(pinned.get(canonicalize_name(need.name), "0"))] == []


def test_every_pin_has_a_hash() -> None:
    assert [name for name, (_, hashes) in pins().items() if hashes == 0] == []


# --- the texts ---


class _Strict(yaml.SafeLoader):
    """A YAML loader that refuses a key given twice, where the plain one silently keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := sorted({str(key) for key in keys if keys.count(key) > 1}):
            raise yaml.constructor.ConstructorError(None, None, f"given twice: {twice}", node.start_mark)
        return super().construct_mapping(node, deep)


def leaves(node: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Each sentence node with its full key; a node is a sentence when it has a language or is not a mapping."""
    if isinstance(node, dict) and not LANGUAGES & set(node):
        for name, child in node.items():
            yield from leaves(child, f"{key}.{name}")
    else:
        yield key, node


@cache
def sentences() -> dict[str, Any]:
    """Every catalogue entry by its full key."""
    entries: dict[str, Any] = {}
    for path in sorted((ROOT / "engine" / "texts").glob("*.yaml")):
        entries |= leaves(yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict) or {}, path.stem)
    return entries


def placeholders(sentence: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def defect_of(entry: Any) -> str:
    if not isinstance(entry, dict) or set(entry) != LANGUAGES:
        return "needs exactly zh and en"
    if not all(isinstance(text, str) and text.strip() for text in entry.values()):
        return "has an empty sentence"
    if placeholders(entry["zh"]) != placeholders(entry["en"]):
        return "has different placeholders in zh and en"
    return ""


def test_every_text_is_in_both_languages_with_the_same_placeholders() -> None:
    assert {key: defect for key, entry in sentences().items() if (defect := defect_of(entry))} == {}


@pytest.mark.parametrize(
    ("entry", "defect"),
    [
        ({"zh": "有 {n} 项", "en": "{n} items"}, ""),
        ({"zh": "有 {n} 项"}, "needs exactly zh and en"),
        ({"zh": "有 {n} 项", "en": " "}, "has an empty sentence"),
        ({"zh": "有 {n} 项", "en": "{count} items"}, "has different placeholders in zh and en"),
    ],
)
def test_a_defective_text_is_recognised(entry: Any, defect: str) -> None:
    assert defect_of(entry) == defect


# --- texts and code ---


class Use(NamedTuple):
    """One call that fetches a text: its place, the key as a pattern, and its parameters (None where they are not written out)."""

    place: str
    key: re.Pattern[str]
    given: set[str] | None


def pattern_of(node: ast.expr) -> re.Pattern[str] | None:
    """A written string as a pattern: exact for a literal, with gaps for an f-string; None where its beginning is not written."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.compile(re.escape(node.value))
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return re.compile("".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values))
    return None


def parameters_of(call: ast.Call) -> set[str] | None:
    names = {keyword.arg for keyword in call.keywords}
    return None if None in names else {name for name in names if name is not None}


@cache
def modules() -> dict[str, ast.Module]:
    paths = [ROOT / "cli.py", *ROOT.glob("commands/*.py"), *ROOT.glob("engine/**/*.py"), *ROOT.glob("web/**/*.py")]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(paths)}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for name, tree in modules().items():
        yield from ((f"{name}:{node.lineno}", node) for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)


def texts_fetched() -> Iterator[Use]:
    """Calls of ``say`` or ``template`` whose key is written out, at least at its beginning."""
    for place, call in calls():
        if isinstance(call.func, ast.Name) and call.func.id in {"say", "template"} and (key := pattern_of(call.args[0])):
            yield Use(place, key, parameters_of(call) if call.func.id == "say" else None)


def problems_raised() -> Iterator[Use]:
    """Calls like ``problems.error("code", where, ...)``; the parameters count where the receiver is a ProblemList by its name."""
    for place, call in calls():
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in CODE_CALLS:
            continue
        code = pattern_of(call.args[0])
        if code and re.fullmatch(r"[a-z0-9_\\.+]+", code.pattern):
            listed = getattr(call.func.value, "attr", getattr(call.func.value, "id", "")) == "problems"
            yield Use(place, code, parameters_of(call) if listed else None)


@cache
def written() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Every string literal of the code, and every f-string that begins with a literal, as a pattern."""
    nodes = [node for tree in modules().values() for node in ast.walk(tree)]
    literals = frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return literals, tuple(key for node in nodes if isinstance(node, ast.JoinedStr) and node.values and (key := pattern_of(node)))


def is_written(key: str) -> bool:
    """Whether the code names this key: as a literal, or by an f-string that begins with as much as its first word."""
    literals, patterns = written()
    beginning = re.split(r"[._]", key)[0]
    return key in literals or any(p.pattern.startswith(beginning) and p.fullmatch(key) for p in patterns)


def problem_codes() -> set[str]:
    return {key.split(".")[1] for key in sentences() if key.startswith("problems.")}


def test_every_problem_code_has_what_and_fix() -> None:
    assert [code for code in problem_codes() if {f"problems.{code}.what", f"problems.{code}.fix"} - set(sentences())] == []


def test_every_text_the_code_fetches_exists() -> None:
    missing = [f"{use.place} {use.key.pattern}" for use in texts_fetched() if not any(map(use.key.fullmatch, sentences()))]
    assert missing == []


def test_every_problem_code_in_the_code_exists() -> None:
    missing = [f"{use.place} {use.key.pattern}" for use in problems_raised() if not any(map(use.key.fullmatch, problem_codes()))]
    assert missing == []


def test_every_text_the_code_fetches_gets_its_parameters() -> None:
    short = []
    for use in texts_fetched():
        entry = sentences().get(re.sub(r"\\(.)", r"\1", use.key.pattern))
        if entry and use.given is not None and (lacking := placeholders(entry["zh"]) - use.given):
            short.append(f"{use.place} {use.key.pattern}: {sorted(lacking)}")
    assert short == []


def test_every_problem_gets_the_parameters_of_its_sentences() -> None:
    short = []
    for use in problems_raised():
        entries = [sentences().get(f"problems.{use.key.pattern}.{part}") for part in ("what", "fix")]
        needed = {name for entry in entries if entry for name in placeholders(entry["zh"])}
        if use.given is not None and (lacking := needed - use.given):
            short.append(f"{use.place} {use.key.pattern}: {sorted(lacking)}")
    assert short == []


def test_every_text_is_used() -> None:
    keys = [key for key in sentences() if not key.startswith("problems.")]
    assert [key for key in keys if not is_written(key)] == []


def test_every_problem_code_is_used() -> None:
    assert sorted(code for code in problem_codes() if not is_written(code)) == []


# --- which way imports go ---


def imported_rooms(tree: ast.Module) -> set[str]:
    """The rooms of the engine that a module imports, also inside functions."""
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {
        f"engine.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "engine" and not node.level
        for alias in node.names
    }
    return {parts[1] for name in names if (parts := name.split("."))[0] == "engine" and len(parts) > 1}


def test_no_room_imports_one_above_it() -> None:
    upward = []
    for name, tree in modules().items():
        room = name.removeprefix("engine/").removesuffix(".py").split("/")[0]
        if name.startswith("engine/") and room in FLOORS:
            upward += [f"{name} -> {other}" for other in imported_rooms(tree) if FLOORS.get(other, 0) > FLOORS[room]]
    assert upward == []


def test_the_engine_imports_no_face() -> None:
    heads = {
        name: {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        | {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        for name, tree in modules().items()
        if name.startswith("engine/")
    }
    assert [name for name, imported in heads.items() if imported & {"cli", "commands", "web", "typer"}] == []
