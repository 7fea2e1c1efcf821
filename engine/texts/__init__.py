"""Every sentence a person reads, in Chinese and English, kept in the catalogues beside this file.

A catalogue is a YAML file of ``key: {zh: ..., en: ...}``, nested as deep as is useful; a key is written with its file's
name first: ``problems.unknown_key.what`` lives in ``problems.yaml``. Placeholders are ``{name}``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LANGUAGES = ("zh", "en")

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def catalogue(name: str) -> dict[str, Any]:
    """One catalogue file as nested dictionaries."""
    text = (files(__package__) / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=_Loader)
    return loaded


@cache
def template(key: str, lang: str) -> str:
    """The raw sentence of a key, with its placeholders. Raises KeyError where the catalogue has no such key or language."""
    name, *path = key.split(".")
    node: Any = catalogue(name)
    for part in path:
        node = node[part]
    sentence: str = node[lang]
    return sentence


def say(key: str, lang: str = "zh", /, **params: object) -> str:
    """A sentence in the reader's language, with its parameters filled in."""
    sentence = template(key, lang)
    return sentence.format_map(params) if params else sentence
