"""The product rulesets are, figure for figure, what the collected standards say, or null; provenance is carried; examples hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from engine.assess.examples import run_examples
from engine.language import split_quantity
from engine.ruleset.lint import lint, load_standard_alone
from engine.ruleset.methods import Conform, Limit, Threshold
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion
from tests.rulesets.collected import Item, collected, differences, provenance

KIND = "green_product"
KEYS = (
    "gb18401_2010", "gbt18885_2009", "dyeing_norm_2017", "gbt35611_2017", "tcntac_38_2019", "fzt_07028_2023", "tcntac_33_2019",
    "tcntac_52_2020", "silk_green_design", "gbt35601_2017", "gbt35607_2017", "gb18582_2020", "gbt35602_2017", "gbt35603_2017",
    "gbt35610_2017", "gb6566_2010", "gbt35613_2017", "food_packaging", "pv_module", "motor", "leather_gb20400", "ebike",
    "gbt35604_2017", "gbt35605_2017", "gbt35606_2017", "gbt35608_2017", "gbt35609_2017", "gbt35612_2017", "oekotex100",
    "eu_textile_2014_350", "eu_paint_2014_312",
)  # fmt: skip
EVERY = pytest.mark.parametrize("key", KEYS)
PLAIN_UNITS = {
    "-": "1",
    "grade": "1",
    "m3/t or m3/100 m": "m3/product_unit",
    "kgce/t or kgce/100 m": "kgce/product_unit",
    "kgce/m3 or kgce/m2": "kgce/product_unit",
    "as in the text": "kgce/product_unit",
    "m3/t standard product": "m3/t",
    "g/kg greasy wool": "g/kg",
    "g S/kg": "g/kg",
    "g/kg textile": "g/kg",
    "dB(A)": "dB",
}
"""Units that the collection writes in words or as a choice, by how the rulesets write them."""
SIDES = {"max": "at_most", "min": "at_least", "class_max": "at_most", "nd": "not_detected_below"}


@cache
def product(key: str) -> Item:
    found: Item = next(product for product in collected(KIND)["products"] if product["key"] == key)
    return found


def programme(key: str) -> Programme:
    return load_standard_alone(f"{KIND}/{key}")


def own(key: str) -> dict[str, Criterion]:
    """The criteria of the ruleset itself, without those of rulesets that take part."""
    made = programme(key)
    return {name: criterion for name, criterion in made.criteria.items() if name not in made.part_of}


def criteria_of(key: str, item: Item) -> Iterator[tuple[str, Criterion]]:
    """The criteria of an indicator: one, or one for each unit that its subtypes are given in."""
    units = item["unit"] if isinstance(item["unit"], dict) else {}
    names = {f"{key}.{item['id']}", *(f"{key}.{item['id']}_{subtype}" for subtype in units)}
    yield from ((name, criterion) for name, criterion in own(key).items() if name in names)


def figure(made: Programme, text: str) -> str | None:
    """The number of an operand as it is written; that of a parameter where it is one."""
    if text in made.parameters:
        return made.parameters[text].figure.value
    return split_quantity(text.replace("[", "").replace("]", ""))[0]


def unit_of(made: Programme, text: str) -> str:
    return made.parameters[text].unit if text in made.parameters else split_quantity(text.replace("[", "").replace("]", ""))[1] or "1"


def subtype_of(limit: Limit) -> str | None:
    return None if limit.when is None else limit.when.split('"')[1]


def stated(key: str, item: Item) -> dict[str, Any]:
    """The thresholds of an indicator as the ruleset has them, by subtype or ``all``."""
    made, found = programme(key), {}
    for _, criterion in criteria_of(key, item):
        scope = re.findall(r'subtype\w* == "(\w+)"', criterion.applies_when or "")
        if isinstance(criterion.method, Conform):
            found |= dict.fromkeys(scope or ["all"], "true")
            continue
        assert isinstance(criterion.method, Threshold)
        for limit in criterion.method.limits:
            figures = [figure(made, text) for text in limit.parts().values()]
            subtype = subtype_of(limit) or (scope[0] if len(scope) == 1 else "all")
            found[subtype] = figures if len(figures) > 1 and figures != [None, None] else figures[0]
    return found


def wanted(key: str, item: Item) -> dict[str, Any]:
    """The thresholds of the collection; a product with one subtype only has no input for it, so that all of it is meant."""
    thresholds: dict[str, Any] = item["thresholds"]
    single = len(product(key)["subtypes"]) == 1
    covers = set(thresholds) == set(product(key)["subtypes"]) and (item["direction"] == "bool" or single)
    values = {str(value).lower() if item["direction"] == "bool" else str(value) for value in thresholds.values()}
    if covers and len(values) == 1:
        return {"all": "true" if item["direction"] == "bool" else next(iter(thresholds.values()))}
    return {subtype: "true" if item["direction"] == "bool" else value for subtype, value in thresholds.items()}


def test_every_product_of_the_collection_is_there() -> None:
    assert {item["key"] for item in collected(KIND)["products"]} == set(KEYS)


@EVERY
def test_identity_readiness_and_parts_are_those_collected(key: str) -> None:
    standard, item = programme(key).standard, product(key)
    assert (standard.layer, standard.readiness) == (item["layer"], item["readiness"])
    assert [name.partition("/")[2] for name in standard.includes] == item.get("includes", [])
    assert [name.partition("/")[2] for name in standard.proxy] == item.get("proxy", [])
    assert item["title_zh"] in standard.title.zh


@EVERY
def test_the_gates_are_those_collected(key: str) -> None:
    made = programme(key)
    gates = {gate.number: gate for name, gate in made.gates.items() if name not in made.part_of}
    assert list(gates) == product(key)["gates"]
    shared = {gate["id"]: gate for gate in collected(KIND)["general"]["gates"]}
    for number, gate in gates.items():
        item = shared[number or ""]
        assert (gate.title.zh, *provenance(gate)) == (
            item["zh"],
            item["source"],
            item["confidence"],
            tuple(filter(None, [item.get("ref")])),
        )


@EVERY
def test_every_threshold_is_the_one_collected_or_null(key: str) -> None:
    for item in product(key)["indicators"]:
        expected = wanted(key, item)
        assert len(expected) == len(item["thresholds"]) or set(expected) == {"all"}, item["id"]
        assert stated(key, item) == expected, item["id"]


@EVERY
def test_every_comparison_and_unit_is_the_one_collected(key: str) -> None:
    made = programme(key)
    for item in product(key)["indicators"]:
        for name, criterion in criteria_of(key, item):
            if isinstance(criterion.method, Conform):
                assert item["direction"] == "bool", name
                continue
            assert isinstance(criterion.method, Threshold)
            side = "more_than" if item.get("strict") else SIDES.get(item["direction"])
            for limit in criterion.method.limits:
                parts = limit.parts()
                assert set(parts) == ({"at_least", "at_most"} if item["direction"] == "range" else {side}), name
                units = set(item["unit"].values()) if isinstance(item["unit"], dict) else {item["unit"]}
                assert {unit_of(made, text) for text in parts.values()} <= {PLAIN_UNITS.get(unit, unit) for unit in units}, name


@EVERY
def test_provenance_is_carried(key: str) -> None:
    for item in product(key)["indicators"]:
        confidence = None if item["confidence"] == "none" else item["confidence"]
        refs = (*filter(None, [item.get("ref")]), *item.get("cross_check", []))
        found = dict(criteria_of(key, item))
        assert found, item["id"]
        for criterion in found.values():
            assert provenance(criterion) == (item["source"], confidence, refs), item["id"]
            assert criterion.title.zh.startswith(item["title_zh"])
            if item.get("note"):
                assert criterion.source.note is not None and item["note"] in criterion.source.note.en


@EVERY
def test_figures_with_a_source_of_their_own_keep_it(key: str) -> None:
    for item in product(key)["indicators"]:
        for subtype, basis in item.get("threshold_source", {}).items():
            if basis != item["source"]:
                source = programme(key).parameters[f"{key}_{item['id']}_{subtype}"].figure.source
                assert source is not None
                assert (source.basis.value, source.confidence) == (basis, item["confidence"])


@EVERY
def test_better_classes_are_those_collected_and_never_required(key: str) -> None:
    item = product(key)
    for tier in item.get("tiers", []):
        criterion = own(key)[f"{key}.tier_{tier['id']}"]
        assert isinstance(criterion.method, Threshold)
        assert criterion.kind == "optional"
        assert figure(programme(key), criterion.method.limits[0].parts()["at_most"]) == tier["value"]
        assert provenance(criterion) == (tier["source"], tier["confidence"], tuple(filter(None, [tier.get("ref")])))
    for name in ("gb21252_2013_limit", "gb21252_2013_entry", "gb21252_2013_advanced") if "reference_values" in item else ():
        method = own(key)[f"{key}.tier_{name}"].method
        assert isinstance(method, Threshold)
        found = {subtype_of(limit): figure(programme(key), limit.parts()["at_most"]) for limit in method.limits}
        assert found == item["reference_values"][name]


def test_figures_of_a_later_edition_are_notes_only() -> None:
    notes = " ".join(note.zh for note in programme("dyeing_norm_2017").standard.notes)
    assert all(text in notes for text in product("dyeing_norm_2017")["later_edition"]["figures"].values())


@EVERY
def test_expected_indicators_and_cited_documents_are_noted(key: str) -> None:
    notes = " ".join(note.en for note in programme(key).standard.notes)
    item = product(key)
    for text in (*item.get("expected_indicators", ()), *item.get("cited_methods", ()), *item.get("related", ())):
        assert text.replace("_", " ") in notes


@EVERY
def test_nothing_is_wrong_or_doubtful(key: str) -> None:
    assert [(problem.code, problem.where) for problem in lint(f"{KIND}/{key}")] == []


@EVERY
def test_the_examples_hold_and_show_every_item_met_and_not_met(key: str) -> None:
    runs = run_examples(f"{KIND}/{key}")
    assert differences(runs) == []
    made = programme(key)
    shown: dict[str, set[str]] = {}
    for run in runs:
        for name in run.expected:
            shown.setdefault(name, set()).add(run.statuses.get(name, ""))
    for name in [name for name in made.gates if name not in made.part_of]:
        assert {"met", "not_met"} <= shown[name], name
    for name, criterion in own(key).items():
        figures = [figure(made, text) for limit in getattr(criterion.method, "limits", ()) for text in limit.parts().values()]
        assert ({"undetermined"} if figures and None in figures and len(set(figures)) == 1 else {"met", "not_met"}) <= shown[name], name
