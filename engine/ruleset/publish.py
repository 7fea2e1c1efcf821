"""The ruleset format for editors: a JSON Schema made from the models."""

from __future__ import annotations

import json

from pydantic import BaseModel

from engine.ruleset.schema import Common, Examples, Scheme, Standard

FORMS: dict[str, type[BaseModel]] = {"standard": Standard, "scheme": Scheme, "common": Common, "examples": Examples}


def ruleset_json_schema(form: str) -> str:
    """The JSON Schema of one kind of ruleset file (``standard``, ``scheme``, ``common`` or ``examples``) as indented text."""
    schema = FORMS[form].model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
