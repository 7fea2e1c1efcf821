"""Every derivation over all samples, in both languages: whole, translated, and down to the cells that were filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.assess.assess import assess_dossier
from engine.assess.describe import Explanation
from engine.assess.explain import explain
from engine.assess.results import Assessment, CriterionResult, Judged
from engine.dossier.bind import has_verified
from engine.dossier.read import read_dossier
from engine.dossier.schema import Dossier, to_plain
from engine.language import FUNCTIONS
from engine.ruleset.lint import load_programme
from engine.ruleset.programme import Programme

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "samples").glob("*.yaml"))
LANGUAGES = ("zh", "en")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[a-z][a-z0-9]*(?:[._][a-z0-9]+)+")
NAMES = ("基101", "印染行业规范条件(2017版)")
"""Names of forms and documents in English texts of rulesets."""
ANSWERED = ("conform", "judgement", "all", "k_of", "choose")
"""What is judged by an answer or by other items."""


@cache
def sample(path: Path) -> tuple[Dossier, Programme, Assessment]:
    dossier = read_dossier(path)
    programme = load_programme(dossier.scheme, dossier.kind, standard=dossier.standard, day=dossier.application_date)
    return dossier, programme, assess_dossier(programme, dossier, "verified" if has_verified(dossier) else "declared")


@cache
def trees(path: Path, lang: str) -> dict[str, Explanation]:
    """The determination under no name, every gate and criterion, every rule."""
    dossier, programme, made = sample(path)
    names = ("", *(item.id for item in made.judged), *(rule.rule for rule in programme.rules))
    return {name: explain(made, programme, dossier, name, lang) for name in names}


def steps(root: Explanation) -> Iterator[Explanation]:
    yield root
    for child in root.children:
        yield from steps(child)


def texts(path: Path, lang: str) -> Iterator[tuple[str, str]]:
    """Every different text of all derivations with the first item it stands in, without the places of cells."""
    seen: dict[str, str] = {}
    for name, root in trees(path, lang).items():
        for step in steps(root):
            for text in (step.label, step.text):
                seen.setdefault(re.sub(r" ← .*$", "", text), name)
    yield from ((name, text) for text, name in seen.items())


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from (str(key), *leaves(child))
    elif isinstance(value, list | tuple):
        for child in value:
            yield from leaves(child)
    elif value is not None:
        yield str(value)


def citations(programme: Programme, made: Assessment) -> Iterator[str]:
    """Names of documents and clauses, which are cited as they are called."""
    demands = (*programme.gates.values(), *programme.criteria.values(), *programme.indicators.values(), *programme.rules)
    for demand in demands:
        yield from (demand.clause, demand.source.document or "", demand.source.clause or "")
    for item in (*made.judged, *made.indicators):
        yield from (text for figure in item.figures for text in (figure.document, figure.clause))
    parts = [part.standard.document for part in programme.parts]
    yield from (programme.standard.document, programme.scheme.document, *parts)


def own_words(path: Path) -> list[str]:
    """What stands as somebody wrote it: the dossier's own texts, and names of documents and clauses; longer ones first."""
    dossier, programme, made = sample(path)
    words = {*leaves(to_plain(dossier)), *citations(programme, made)}
    return sorted((word for word in words if word), key=len, reverse=True)


def without(text: str, words: list[str]) -> str:
    for word in words:
        text = text.replace(word, "")
    return text


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_no_step_is_empty_and_all_items_have_the_same_steps_in_both_languages(path: Path) -> None:
    zh, en = (trees(path, lang) for lang in LANGUAGES)
    assert [name for name in zh if shape(zh[name]) != shape(en[name])] == []
    assert [name for name, root in zh.items() if not all(step.label for step in steps(root)) or not root.children] == []


def shape(root: Explanation) -> tuple[Any, ...]:
    return (bool(root.text), *(shape(child) for child in root.children))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_english_has_no_chinese_but_names_and_what_was_entered(path: Path) -> None:
    own = [*NAMES, *(word for word in own_words(path) if CHINESE.search(word))]
    found = [(name, text) for name, text in texts(path, "en") if CHINESE.search(text)]
    assert [(name, text) for name, text in found if CHINESE.search(without(text, own))] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_no_text_shows_a_bare_id(path: Path, lang: str) -> None:
    dossier, programme, _ = sample(path)
    groups = (programme.inputs, programme.tables, programme.indicators, programme.gates, programme.criteria, programme.parameters)
    ids = {name for group in groups for name in group} | {f"{table}.{c.column}" for table, t in programme.tables.items() for c in t.columns}
    ids |= {name for rule in programme.rules for name in (rule.rule, rule.then.classify, rule.then.obligation) if name}
    ids |= {code for definition in programme.inputs.values() for code in definition.choices} | set(FUNCTIONS)
    own = set(leaves(to_plain(dossier).get("evidence", [])))
    shown = [(name, text) for name, text in texts(path, lang) if text not in own]
    assert [(name, text) for name, text in shown if ids & set(WORD.findall(text))] == []


def computed(item: Judged) -> bool:
    """Whether an item's verdict came from values."""
    if not isinstance(item, CriterionResult) or item.method in ANSWERED or item.reason.code == "not_supplied":
        return False
    return item.status.value in ("met", "not_met", "scored")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_computed_verdict_ends_at_cells_with_their_places(path: Path) -> None:
    made = sample(path)[2]
    names = [item.id for item in made.judged if computed(item)]
    placed = {name: [step.text for step in steps(root) if f"{path.name}:" in step.text] for name, root in trees(path, "zh").items()}
    assert [name for name in names if not placed[name]] == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_finding_is_derived_from_facts(path: Path) -> None:
    made = sample(path)[2]
    found = {finding.rule for finding in made.findings}
    labels = {name: {step.label for step in root.children} for name, root in trees(path, "en").items() if name in found}
    assert [name for name in found if not {"Because", "Condition", "Source"} <= labels[name]] == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_determination_names_the_line_that_decides(path: Path) -> None:
    made = sample(path)[2]
    for lang, word in (("zh", "由此定论"), ("en", "decides")):
        table = next(step for step in trees(path, lang)[""].children if step.label.startswith(("方案的判定表", "The scheme's table")))
        assert [line.text for line in table.children].count(word) == 1
        assert made.determination.outcome in ("not_eligible", "fails", "incomplete", "eligible", "scored")
