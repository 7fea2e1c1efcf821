from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.dossier.answers import canonical_answer
from engine.dossier.read import canonical_dossier, read_dossier
from engine.dossier.schema import Dossier, canonical_json, in_canonical_order, to_plain
from engine.problems import Refused

SAMPLE = Path(__file__).with_name("sample.yaml").read_text(encoding="utf-8")


def read(folder: Path, text: str = SAMPLE, name: str = "d.yaml") -> Dossier:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_dossier(path)


def sample_with(old: str, new: str) -> str:
    assert SAMPLE.count(old) == 1, old
    return SAMPLE.replace(old, new)


# --- the same dossier in every form ---


def test_yaml_and_json_of_the_same_content_are_equal(tmp_path: Path) -> None:
    texts = yaml.load(SAMPLE, Loader=yaml.BaseLoader)
    texts["closed"], texts["inputs"]["has_boiler"] = False, True
    ours, theirs = read(tmp_path), read(tmp_path, json.dumps(texts, ensure_ascii=False), "d.json")
    assert ours == theirs
    assert ours.sha256 == theirs.sha256


def test_json_numbers_and_yaml_texts_are_equal(tmp_path: Path) -> None:
    text = sample_with("land_area: 1,234.50 m2", "land_area: 1234.50")
    plain = yaml.load(text, Loader=yaml.BaseLoader)
    plain["closed"], plain["inputs"]["has_boiler"] = False, True
    as_json = json.dumps(plain, ensure_ascii=False).replace('"1234.50"', "1234.50").replace('"2016"', "2016")
    assert read(tmp_path, as_json, "d.json") == read(tmp_path, text)


def test_another_value_has_another_hash(tmp_path: Path) -> None:
    assert read(tmp_path).sha256 != read(tmp_path, sample_with("1,234.50", "1,234.5")).sha256


def test_places_take_no_part_in_the_hash(tmp_path: Path) -> None:
    assert read(tmp_path, "# a comment\n" + SAMPLE).sha256 == read(tmp_path).sha256


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), min_size=1, max_size=12)
SHOWN = WORDS.map(str.strip).filter(bool).filter(lambda text: not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}(\.[a-z]{1,4})?", fullmatch=True)
VALUES = SHOWN.filter(lambda text: canonical_answer(text) != "as_declared")
DAYS = st.dates(min_value=date(1900, 1, 1)).map(str)
IDS = ["E1", "证-2", "E3.1"]
REFS = st.builds(lambda i, pages: f"{i}:{pages}" if pages else i, st.sampled_from(IDS), st.just("") | SHOWN)


def records(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=parts)


def entries(values: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    long = st.fixed_dictionaries(
        {"declared": values},
        optional={"verified": values | st.just("as_declared"), "evidence": st.lists(REFS, min_size=1), "reason": SHOWN, "remark": SHOWN},
    )
    return st.dictionaries(NAMES, long, max_size=3)


CELLS = VALUES | st.fixed_dictionaries({"declared": VALUES, "verified": VALUES}) | st.fixed_dictionaries({"verified": VALUES})
TABLES = st.fixed_dictionaries(
    {"rows": st.lists(st.dictionaries(NAMES, CELLS, min_size=1, max_size=3), max_size=3)},
    optional={"verified": st.just("as_declared"), "evidence": st.lists(REFS, min_size=1), "remark": SHOWN},
)
PLAIN = st.fixed_dictionaries(
    {
        "dossier": st.just("JX〔2017〕1号"),
        "kind": st.just("green_factory"),
        "year": st.integers(2000, 2024),
        "application_date": st.just("2024-06-30"),
        "applicant": records(industry=SHOWN, address=SHOWN, products=SHOWN).map(
            lambda more: {"name": "甲", "credit_code": "91330402MA28A1B212", **more}
        ),
        "evidence": st.tuples(
            *(records(number=SHOWN, file=SHOWN, valid_until=DAYS).map(lambda m, i=i: {"id": i, "title": "照", **m}) for i in IDS)
        ).map(list),
    },
    optional={
        "scheme": st.just("jiaxing_2017"),
        "closed": st.just(True),
        "highlights": SHOWN,
        "assessor": records(organisation=SHOWN, members=SHOWN).filter(bool),
        "units": st.dictionaries(NAMES, SHOWN, min_size=1, max_size=2),
        "inputs": entries(VALUES).filter(bool),
        "answers": entries(st.sampled_from(["yes", "no", "not_applicable", "3", "2.50"])).filter(bool),
        "tables": st.dictionaries(NAMES, TABLES, min_size=1, max_size=2),
    },
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(PLAIN)
def test_a_dossier_survives_every_form(tmp_path: Path, plain: dict[str, Any]) -> None:
    dossier = read(tmp_path, json.dumps(plain), "d.json")
    assert to_plain(dossier) == plain
    assert read(tmp_path, yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)) == dossier
    assert read(tmp_path, yaml.safe_dump(plain, width=20, sort_keys=False)) == dossier
    assert read(tmp_path, json.dumps(plain, ensure_ascii=False, indent=2), "d.json") == dossier
    assert canonical_dossier(canonical_json(dossier).encode(), "d") == in_canonical_order(dossier)
    assert canonical_dossier(canonical_json(dossier).encode(), "d", placed=False) == in_canonical_order(dossier)


# --- nothing but Refused ---


def tried(folder: Path, raw: bytes, name: str) -> None:
    path = folder / name
    path.write_bytes(raw)
    for reads in (lambda: read_dossier(path, "2024-01-01"), lambda: canonical_dossier(raw, name)):
        try:
            dossier = reads()
        except Refused as refused:
            for problem in refused.problems:
                problem.what("zh"), problem.fix("en")
        else:
            canonical_json(dossier).encode()


def test_a_key_that_stands_twice_in_the_canonical_form_is_refused(tmp_path: Path) -> None:
    content = canonical_json(read(tmp_path)).replace('"dossier":', '"kind":"green_park","dossier":')
    with pytest.raises(Refused) as refused:
        canonical_dossier(content.encode(), "d")
    assert [problem.code for problem in refused.value.problems] == ["duplicate_key"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(["d.yaml", "d.json"]))
def test_random_bytes_are_refused(tmp_path: Path, raw: bytes, name: str) -> None:
    tried(tmp_path, raw, name)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from([*IDS, "yes", "同自评", "2016"])
)
ANY = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=8
)
KEYS = [
    "dossier",
    "kind",
    "year",
    "application_date",
    "applicant",
    "inputs",
    "answers",
    "tables",
    "evidence",
    "scheme",
    "closed",
    "highlights",
    "assessor",
    "units",
]
SUB_KEYS = ["id", "title", "issued", "name", "declared", "verified", "evidence", "rows", "remark", "pages", "x", "\ud800", "\x07"]
DEEP = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(SUB_KEYS), inner, max_size=4), max_leaves=12
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY | st.dictionaries(st.sampled_from(KEYS), DEEP | ANY))
def test_random_structures_are_refused(tmp_path: Path, data: Any) -> None:
    tried(tmp_path, json.dumps(data).encode(), "d.json")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(KEYS), DEEP | ANY))
def test_random_parts_in_the_sample_are_read_or_refused(tmp_path: Path, parts: dict[str, Any]) -> None:
    sample = yaml.load(SAMPLE, Loader=yaml.BaseLoader)
    tried(tmp_path, json.dumps({**sample, **parts}).encode(), "d.json")
