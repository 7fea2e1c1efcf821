"""Dossiers of the store: reading them again quickly gives what reading them strictly gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.dossier.again import _as_written, dossier_of_store
from engine.dossier.places import places_plain, with_places
from engine.dossier.read import canonical_dossier, read_dossier
from engine.dossier.schema import Dossier, canonical_json, in_canonical_order
from engine.problems import Refused
from tests.dossier.test_forms import DEEP, KEYS, PLAIN, SAMPLE, read

SAMPLES = Path(__file__).parents[2] / "samples"


def stored(dossier: Dossier) -> tuple[str, str]:
    return canonical_json(dossier), json.dumps(places_plain(in_canonical_order(dossier)))


def strictly(content: str, places: str) -> Dossier:
    return with_places(canonical_dossier(content.encode(), "d"), json.loads(places))


def whole(dossier: Dossier | None) -> tuple[Any, ...]:
    """A dossier with its places and warnings, which take no part in its equality."""
    assert dossier is not None
    return repr(dossier), dossier.places, dossier.warnings


@pytest.mark.parametrize("name", ["dyeing_mill.yaml", "half_filled.yaml", "lca_flooring.yaml", "workbooks/paper_mill.xlsx"])
def test_a_sample_of_the_store_is_what_it_was(name: str) -> None:
    dossier = read_dossier(SAMPLES / name)
    texts = stored(dossier)
    again = dossier_of_store(*texts, "d")
    assert again == in_canonical_order(dossier)
    assert whole(again) == whole(strictly(*texts))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(PLAIN)
def test_what_the_engine_wrote_is_read_without_reading_it_strictly(tmp_path: Path, plain: dict[str, Any]) -> None:
    content, places = stored(read(tmp_path, json.dumps(plain), "d.json"))
    assert whole(_as_written(content, json.loads(places))) == whole(strictly(content, places))


@given(st.dictionaries(st.sampled_from(KEYS), DEEP))
def test_whatever_stands_there_is_read_as_it_is_read_strictly_or_refused(parts: dict[str, Any]) -> None:
    plain = {**yaml.load(SAMPLE, Loader=yaml.BaseLoader), **parts}
    content = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace").decode()
    try:
        wanted = canonical_dossier(content.encode(), "d")
    except Refused:
        return
    places = json.dumps(places_plain(wanted))
    assert whole(dossier_of_store(content, places, "d")) == whole(strictly(content, places))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"kind":', '"colour":"green","kind":', "key_unknown"),
        ('"year":2016', '"year":"soon"', "year_malformed"),
        ('"dossier":', '"dossier":["x"],"was":', "key_unknown"),
        ("{", "", "json_syntax"),
    ],
)
def test_what_the_engine_did_not_write_so_is_refused_with_its_problems(tmp_path: Path, old: str, new: str, code: str) -> None:
    content, places = stored(read(tmp_path))
    assert old in content
    with pytest.raises(Refused) as refused:
        dossier_of_store(content.replace(old, new, 1), places, "d")
    assert code in [problem.code for problem in refused.value.problems]


def test_places_of_another_dossier_are_refused(tmp_path: Path) -> None:
    content, places = stored(read(tmp_path))
    plain = json.loads(places)
    for entries in (plain["entries"][1:], [*plain["entries"], plain["entries"][0]]):
        with pytest.raises(Refused) as refused:
            dossier_of_store(content, json.dumps({**plain, "entries": entries}), "d")
        assert [problem.code for problem in refused.value.problems] == ["places_malformed"]
