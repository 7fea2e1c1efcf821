"""The published JSON Schemas accept every ruleset file of the library as it is written, and refuse what the loader refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import rulesets_root
from engine.located import read
from engine.problems import ProblemList
from engine.ruleset.attestations import Attestations

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schema"
FILES = {
    "standard": ["*/*/ruleset.yaml"],
    "scheme": ["schemes/*.yaml"],
    "common": ["common/*.yaml", "*/*/tables/*.yaml"],
    "examples": ["*/*/examples/*.yaml", "schemes/examples/*/*.yaml"],
    "clauses": ["*/*/clauses.yaml", "schemes/clauses/*.yaml"],
}
KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": str}
"""What a schema's types are in plain data as the loader reads it: numbers stay texts."""


def complaints(schema: dict[str, Any], value: Any, root: dict[str, Any], path: str = "") -> Iterator[str]:
    """What a schema of just the kinds that pydantic writes has against a value."""
    if "$ref" in schema:
        yield from complaints(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root, path)
    for choices in (schema[key] for key in ("anyOf", "oneOf") if key in schema):
        if all(any(complaints(choice, value, root)) for choice in choices):
            yield f"{path}: fits no alternative"
    if "type" in schema and not isinstance(value, KINDS[schema["type"]]):
        yield f"{path}: is no {schema['type']}"
    if value not in schema.get("enum", [value]) or schema.get("const", value) != value:
        yield f"{path}: {value!r} is not allowed"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{path}: {value!r} does not match"
    yield from complaints_inside(schema, value, root, path)


def complaints_inside(schema: dict[str, Any], value: Any, root: dict[str, Any], path: str) -> Iterator[str]:
    """The complaints about the items of a list and the keys of a mapping."""
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from complaints(schema.get("items", {}), item, root, f"{path}[{i}]")
    if isinstance(value, dict):
        yield from (f"{path}: lacks {key}" for key in schema.get("required", ()) if key not in value)
        for key, child in value.items():
            inside = schema.get("properties", {}).get(key, schema.get("additionalProperties", True))
            if inside is False and "properties" in schema:
                yield f"{path}: does not take {key}"
            elif isinstance(inside, dict):
                yield from complaints(inside, child, root, f"{path}.{key}")


def schema_of(form: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SCHEMAS / f"{form}.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("form", FILES)
def test_every_file_of_the_library_fits_its_schema(form: str) -> None:
    paths = [path for pattern in FILES[form] for path in sorted(rulesets_root().glob(pattern))]
    assert paths
    schema = schema_of(form)
    found = {path.name: list(complaints(schema, read(path, ProblemList()).data, schema)) for path in paths}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_attestations_of_the_page_fit_their_schema(tmp_path: Path) -> None:
    page = (SCHEMAS.parent / "rulesets.md").read_text(encoding="utf-8")
    (body,) = re.findall(r"^```yaml\n(attestations:.*?)^```", page, re.MULTILINE | re.DOTALL)
    path = tmp_path / "attestations.yaml"
    path.write_text(body, encoding="utf-8")
    data, schema = read(path, ProblemList()).data, schema_of("attestations")
    assert list(complaints(schema, data, schema)) == []
    assert Attestations.model_validate(data).records[0].figures["infrastructure:weight"] == "20"


@pytest.mark.parametrize(
    ("method", "fits"),
    [
        ("conform", True),
        ({"threshold": {"value": "x", "at_most": "3 t"}}, True),
        ({"threshold": {"value": "x", "limits": [{"when": "y", "at_most": "3 t"}]}}, True),
        ({"interpolate": {"value": "x", "lead": "1", "base": "2", "direction": "down"}}, True),
        ("threshold", False),
        ("unheard_of", False),
        ({"threshold": {"at_most": "3 t"}}, False),
        ({"threshold": {"value": "x", "atmost": "3 t"}}, False),
        ({"method": "conform"}, False),
    ],
)
def test_methods_are_accepted_as_they_are_written(method: Any, fits: bool) -> None:
    schema = schema_of("standard")
    found = list(complaints(schema["$defs"]["Gate"]["properties"]["method"], method, schema))
    assert (found == []) is fits


@pytest.mark.parametrize(("figure", "fits"), [("10", True), (None, True), ({"value": "10"}, True), ({"valu": "10"}, False)])
def test_figures_are_accepted_as_they_are_written(figure: Any, fits: bool) -> None:
    schema = schema_of("standard")
    assert (list(complaints({"$ref": "#/$defs/Figure"}, figure, schema)) == []) is fits
