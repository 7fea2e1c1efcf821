"""Words of surveillance as parameters of Problems, which are read in either language."""

from __future__ import annotations

from engine.problems import Bilingual
from engine.texts import say


def bilingual(code: str) -> Bilingual:
    """A word of the catalogue ``surveillance`` in both languages."""
    key = f"surveillance.{code}"
    return Bilingual(say(key, "zh"), say(key, "en"))
