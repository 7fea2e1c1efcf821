"""The ruleset format for editors: a JSON Schema of what people write, made from the models.

The models hold methods, and forms of checks, with a tag and figures as objects; people write ``conform``,
``{threshold: {...}}`` and ``"10"``.
"""

from __future__ import annotations

import json
from typing import Any, get_args

from pydantic import BaseModel

from engine.ruleset.attestations import Attestations
from engine.ruleset.checks import AnyForm
from engine.ruleset.clauses import Clauses
from engine.ruleset.methods import LIMITS, AnyMethod, Comparison, Interpolate, Limit, Threshold
from engine.ruleset.schema import Common, Examples, Scheme, Standard

FORMS: dict[str, type[BaseModel]] = {
    "standard": Standard,
    "scheme": Scheme,
    "common": Common,
    "examples": Examples,
    "attestations": Attestations,
    "clauses": Clauses,
}
_METHODS: tuple[type[BaseModel], ...] = get_args(get_args(AnyMethod)[0])
_FORMS_OF_CHECKS: tuple[type[BaseModel], ...] = get_args(get_args(AnyForm)[0])
_SHORT_FORMS: dict[type[BaseModel], tuple[str, type[BaseModel], tuple[str, ...]]] = {
    Threshold: ("limits", Limit, LIMITS),
    Interpolate: ("bases", Comparison, ("value", "lead", "base")),
}
"""Methods whose list of alternatives may be written as a single one: the list, what it holds, and the keys that stand in its place."""


def ruleset_json_schema(form: str) -> str:
    """The JSON Schema of one kind of ruleset file (``standard``, ``scheme``, ``common``, ``examples`` or ``clauses``) as indented text."""
    schema = FORMS[form].model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    definitions = schema.get("$defs", {})
    if "Figure" in definitions:
        definitions["Figure"] = {"anyOf": [{"type": "string"}, {"type": "null"}, definitions["Figure"]]}
    for models, tag, field in ((_METHODS, "method", "method"), (_FORMS_OF_CHECKS, "form", "test")):
        written = [_written(model, tag, definitions) for model in models if model.__name__ in definitions]
        for definition in definitions.values():
            if "discriminator" in definition.get("properties", {}).get(field, ()):
                definition["properties"][field] = {"anyOf": written, "title": field.capitalize()}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _written(model: type[BaseModel], tag: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """A method or form as it is written: its bare name where it needs no operand, otherwise its name over its operands."""
    definition = definitions[model.__name__]
    name = definition["properties"].pop(tag)["const"]
    named = {"type": "object", "properties": {name: _with_short_form(model, definition)}, "required": [name], "additionalProperties": False}
    return named if definition.get("required") else {"anyOf": [{"const": name}, named]}


def _with_short_form(model: type[BaseModel], definition: dict[str, Any]) -> dict[str, Any]:
    full = {"$ref": f"#/$defs/{model.__name__}"}
    if model not in _SHORT_FORMS:
        return full
    many, one, keys = _SHORT_FORMS[model]
    single = one.model_json_schema()
    properties = {key: schema for key, schema in definition["properties"].items() if key != many}
    required = {*definition["required"], *single.get("required", ())} - {many}
    short = {
        "type": "object",
        "properties": properties | {key: single["properties"][key] for key in keys},
        "required": sorted(required),
        "additionalProperties": False,
    }
    return {"anyOf": [full, short]}
