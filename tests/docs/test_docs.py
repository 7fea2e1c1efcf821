"""The documentation says what the program does: generated parts are current, names are complete, links and examples work."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel

import cli
from commands import frame
from docs.generate import COVERAGE, DOCS, READMES, ROOT, SAMPLES, documents, made_anew, run, shown_params, walk_commands
from engine import (
    VERSION,
    Subject,
    assess_dossier,
    compare,
    comparison_plain,
    lint,
    load_programme,
    read_dossier,
    round_comparison_plain,
    rulesets_root,
    run_examples,
    scheme_ids,
    side_by_side,
    standard_ids,
    views_plain,
)
from engine.assess.export import to_plain
from engine.dossier.schema import Applicant, Assessor, Dossier, Entry, Evidence, TableEntry
from engine.language import FUNCTIONS, KEYWORDS
from engine.rounds.three_way.case import DIRECTIONS, Head, compared
from engine.rounds.three_way.tally import round_comparison
from engine.ruleset.clauses import Clauses
from engine.ruleset.schema import Common, Examples, InputType, Scheme, Standard
from engine.texts import catalogue

PAGES = [*READMES.values(), ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
MAX_PICTURE = 300 * 1024
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def page(name: str) -> str:
    return text(DOCS / f"{name}.md")


def without_fences(markdown: str) -> str:
    return FENCE.sub("", markdown)


def in_code(markdown: str) -> set[str]:
    """Every word that stands in code: between backticks or in a block."""
    spans = [*re.findall(r"`([^`\n]+)`", without_fences(markdown)), *(body for _, body in FENCE.findall(markdown))]
    return {word for span in spans for word in re.findall(r"[\w.-]+", span)}


def lacking(names: set[str], name_of_page: str) -> list[str]:
    return sorted(names - in_code(page(name_of_page)))


def name_of(path: Any) -> str:
    return path.relative_to(ROOT).as_posix() if isinstance(path, Path) else str(path)


# --- what is generated, and what runs ---


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_generated_parts_are_current(path: Path) -> None:
    assert made_anew(path) == text(path), "run: python docs/generate.py"


def test_no_coverage_sheet_is_left_over() -> None:
    assert set(COVERAGE.glob("*.md")) - set(documents()) == set()


@pytest.mark.parametrize("path", READMES.values(), ids=name_of)
def test_a_readme_begins_with_the_two_commands(path: Path) -> None:
    kind, body = FENCE.findall(text(path))[0]
    assert kind == "sh"
    assert [line.partition("#")[0].strip() for line in body.splitlines()] == ["make demo", "make test"]


@pytest.mark.parametrize("path", READMES.values(), ids=name_of)
def test_every_other_line_of_a_readme_prepares_the_shell(path: Path) -> None:
    """What is not run by the test of generated parts is one of a few lines that only a shell can run."""
    blocks = FENCE.findall(text(path))
    assert {kind for kind, _ in blocks} == {"sh", "console"}
    lines = [line for kind, body in blocks[1:] if kind == "sh" for line in body.splitlines()]
    known = re.compile(r"\. \.venv/3\.1[1-3]/bin/activate|export GREENCERT_LANG=en")
    assert [line for line in lines if not known.fullmatch(line)] == []


def test_make_has_the_targets_that_the_pages_name() -> None:
    targets = set(re.findall(r"^([a-z]+):(?!=)", text(ROOT / "Makefile"), re.MULTILINE))
    named = {target for path in PAGES for target in re.findall(r"(?:^|`)make (\w+)", text(path), re.MULTILINE)}
    assert named - targets == set()


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = (re.findall(r"^\$ .*$", text(path), re.MULTILINE) for path in READMES.values())
    assert english == chinese
    assert len(english) >= 10


def test_both_readmes_have_the_same_sections_and_pictures() -> None:
    english, chinese = (re.findall(r"^#+ |!\[[^]]*\](\([^)]+\))", without_fences(text(path)), re.MULTILINE) for path in READMES.values())
    assert english == chinese


# --- names ---


def test_every_command_and_option_is_documented() -> None:
    documented = page("commands")
    missing = []
    for name, command in walk_commands(typer.main.get_command(cli.app)):
        section = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", documented, re.MULTILINE | re.DOTALL)
        words = set(re.findall(r"[\w-]+", section[1])) if section else set()
        options = [option for param in shown_params(command) if param.param_type_name == "option" for option in param.opts]
        missing += [name] * (section is None) + [f"{name} {option}" for option in options if option not in words]
    assert missing == []


def test_every_problem_code_is_documented() -> None:
    assert lacking(set(catalogue("problems")), "problems") == []


def test_every_reason_code_is_documented() -> None:
    assert lacking(set(catalogue("reasons")), "results") == []


def test_every_lint_is_documented() -> None:
    sources = [text(path) for path in (ROOT / "engine" / "ruleset").glob("*.py") if path.stem.startswith(("lint", "strata"))]
    codes = {code for source in sources for code in re.findall(r"problems\.(?:error|warning|note)\(\s*\"(\w+)\"", source)}
    assert len(codes) > 20
    assert lacking(codes, "rulesets") == []


def models_below(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """A model and every model that its fields may hold."""
    if model not in seen:
        seen.add(model)
        pending = [field.annotation for field in model.model_fields.values()]
        while pending:
            kind = pending.pop()
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                models_below(kind, seen)
            pending += get_args(kind)
    return seen


def test_every_key_of_the_ruleset_format_is_documented() -> None:
    models = {model for form in (Standard, Scheme, Common, Examples, Clauses) for model in models_below(form, set())}
    assert len(models) > 30
    assert lacking({name for model in models for name in model.model_fields}, "rulesets") == []


def test_every_type_function_and_keyword_is_documented() -> None:
    assert lacking({*InputType, *FUNCTIONS, *KEYWORDS}, "rulesets") == []


def test_every_key_of_the_dossier_is_documented() -> None:
    inner = {"id", "inputs", "answers", "tables", "where", "warnings", "places"}
    names = {field.name for form in (Dossier, Applicant, Assessor, Entry, TableEntry, Evidence) for field in fields(form)} - inner
    assert lacking(names | {"dossier", "inputs", "answers", "tables", "id"}, "dossier") == []


def keys_of(value: Any) -> Iterator[str]:
    """Every name in a JSON result; below inputs and limits stand names of the ruleset."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield key
            yield from keys_of(list(child.values()) if key in ("inputs", "limits") else child)
    elif isinstance(value, list):
        for child in value:
            yield from keys_of(child)


@pytest.mark.parametrize("sample", ["leather", "half_filled", "pv_glass_2025"])
def test_every_name_of_a_result_is_documented(sample: str) -> None:
    dossier = read_dossier(SAMPLES / f"{sample}.yaml")
    programme = load_programme(dossier.scheme, dossier.kind)
    names = {key for basis in ("declared", "verified") for key in keys_of(to_plain(assess_dossier(programme, dossier, basis), programme))}
    assert len(names) > 50
    assert lacking(names, "results") == []


def test_every_name_of_a_comparison_is_documented() -> None:
    dossiers = [read_dossier(SAMPLES / f"{name}.yaml") for name in ("half_filled", "leather")]
    programme = load_programme(dossiers[0].scheme, dossiers[0].kind)
    names = set(keys_of(comparison_plain(compare(*(Subject(programme, dossier) for dossier in dossiers)), programme)))
    assert len(names) > 30
    assert lacking(names, "results") == []


def test_every_name_of_the_three_views_is_documented() -> None:
    dossier = read_dossier(SAMPLES / "dyeing_mill.yaml")
    programme = load_programme(dossier.scheme, dossier.kind)
    plain = views_plain(side_by_side(programme, dossier, [replace(dossier, inputs=dossier.inputs[:3])]), programme)
    ids = {*plain["views"], *("self", "third_party", "office")}
    assert lacking(set(keys_of(plain)) | ids, "results") == []


def test_every_name_of_the_three_views_of_a_round_is_documented() -> None:
    dossier = read_dossier(SAMPLES / "dyeing_mill.yaml")
    programme = load_programme(dossier.scheme, dossier.kind)
    made = compared(programme, dossier, [replace(dossier, inputs=dossier.inputs[:3])], Head("1", "", dossier.kind, "甲"))
    plain = round_comparison_plain(round_comparison("R", [made]))
    assert len(set(keys_of(plain))) > 40
    assert lacking({*keys_of(plain), *DIRECTIONS}, "results") == []


def test_every_finding_about_signatures_is_documented() -> None:
    assert lacking(set(catalogue("signatures")["fault"]), "signing") == []


def test_every_exit_code_is_documented() -> None:
    names = ("DONE", "NOT_PASSED", "WRONG_INPUT", "INTERNAL_FAULT", "INTERRUPTED", "READER_GONE")
    codes = {str(getattr(frame, name)) for name in names}
    assert codes - set(re.findall(r"^\| (\d+) \|", page("results"), re.MULTILINE)) == set()
    for path in READMES.values():
        assert [code for code in codes if not re.search(rf"(?<!\d){code}(?!\d)", text(path))] == []


def test_the_glossary_has_every_word_of_a_result_in_both_languages() -> None:
    statuses = catalogue("statuses")
    groups = ("outcome", "basis", "kind", "method", "severity", "figure_basis")
    words = [*((code, statuses[code]) for code in ("met", "not_met", "scored", "not_applicable", "undetermined"))]
    words += [(code, words) for group in groups for code, words in statuses[group].items()]
    rows = [line for line in page("glossary").splitlines() if line.startswith("|")]
    missing = [code for code, said in words if not any(f"| `{code}`" in row and said["zh"] in row and said["en"] in row for row in rows)]
    assert missing == []


def test_the_architecture_names_every_module() -> None:
    modules = {path.name for path in [ROOT / "cli.py", *ROOT.glob("commands/*.py"), *ROOT.glob("engine/**/*.py")]} - {"__init__.py"}
    assert lacking(modules, "architecture") == []


def test_the_changelog_names_this_version_and_every_ruleset() -> None:
    newest = text(ROOT / "CHANGELOG.md").split("\n## ")[1]
    assert newest.startswith(VERSION)
    root = rulesets_root()
    assert [name for name in (*standard_ids(root), *scheme_ids(root)) if f"`{name}` " not in newest] == []


# --- links and pictures ---


def anchors(markdown: str) -> set[str]:
    """The anchors of a page's headings, as they are made from the headings' texts."""
    heads = re.findall(r"^#+ (.+)$", without_fences(markdown), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_resolve(path: Path) -> None:
    broken = []
    for link in LINK.findall(without_fences(text(path))):
        if link.startswith(("https://", "http://")):
            continue
        target, _, anchor = link.partition("#")
        found = (path.parent / target).resolve() if target else path
        if not found.exists() or (anchor and anchor not in anchors(text(found))):
            broken.append(link)
    assert broken == []


def test_pictures_are_small_and_shown() -> None:
    pictures = sorted((DOCS / "images").iterdir())
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > MAX_PICTURE] == []
    assert [picture.name for picture in pictures if f"docs/images/{picture.name}" not in text(READMES["zh"])] == []


def test_every_page_is_linked_from_the_readmes() -> None:
    for readme in READMES.values():
        links = set(LINK.findall(text(readme)))
        assert [path.name for path in DOCS.glob("*.md") if f"docs/{path.name}" not in links] == []


# --- examples in the pages ---


@pytest.fixture
def tutorial(tmp_path: Path) -> Path:
    """A library of rulesets that holds the small example of the page."""
    root = tmp_path / "rulesets"
    shutil.copytree(rulesets_root() / "common", root / "common")
    files = re.findall(r"^```yaml\n# (rulesets/\S+)\n(.*?)^```", page("rulesets"), re.MULTILINE | re.DOTALL)
    assert len(files) == 3
    for name, body in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    return root


def test_the_small_ruleset_is_sound(tutorial: Path) -> None:
    assert [problem.code for name in (*standard_ids(tutorial), *scheme_ids(tutorial)) for problem in lint(name, rulesets=tutorial)] == []


def test_the_examples_of_the_small_ruleset_hold(tutorial: Path) -> None:
    runs = run_examples("green_factory/demo_2026", rulesets=tutorial)
    assert [(example.title, example.differences) for example in runs if not example.passed] == []
    assert len(runs) == 5


def commands_of(name: str) -> list[list[str]]:
    """The greencert commands in the shell blocks of a page, without comments."""
    lines = [line.partition("#")[0].split() for kind, body in FENCE.findall(page(name)) if kind == "sh" for line in body.splitlines()]
    assert all(words[0] == "greencert" for words in lines)
    return [words[1:] for words in lines]


def test_the_commands_for_the_small_ruleset_run(tutorial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GREENCERT_RULESETS", os.fspath(tutorial))
    commands = commands_of("rulesets")
    assert len(commands) == 3
    assert [words for words in commands if run(words)[0]] == []


def test_the_dossier_of_the_page_is_read_and_its_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    body = next(body for kind, body in FENCE.findall(page("dossier")) if kind == "yaml")
    path = tmp_path / "my-factory.yaml"
    path.write_text(body, encoding="utf-8")
    dossier = read_dossier(path)
    made = assess_dossier(load_programme(dossier.scheme, dossier.kind), dossier, "verified")
    assert [problem.code for problem in made.problems] == ["months_missing"]
    assert [words for words in commands_of("dossier") if run(words)[0]] == []
