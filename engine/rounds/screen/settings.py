"""What screens hold a round to: figures and ratios from a file of the library, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from engine.language import NumberError, parse_number
from engine.located import Located
from engine.problems import ProblemList
from engine.ruleset.library import rulesets_root, shown_path
from engine.ruleset.load import load_model
from engine.ruleset.schema import Id, Model, Source, Text, Word, Words

MANY = Fraction(10**6)


class ScreenFigure(Model):
    """One figure with its title; its source is that of the file where it states none."""

    figure: Word
    title: Words
    value: str | None
    source: Source | None = None


class ScreenRatio(Model):
    """A ratio of two values; ``better`` says which way the applicant gains by it."""

    ratio: Word
    title: Words
    of: Id
    per: Id
    better: Literal["up", "down"] | None = None
    source: Source | None = None


class ScreensFile(Model):
    """A file of ``rulesets/screens``."""

    screens: Word
    version: Text
    title: Words
    source: Source
    figures: tuple[ScreenFigure, ...]
    ratios: tuple[ScreenRatio, ...] = ()


class Range(NamedTuple):
    """Between which numbers a figure lies, both included, and whether it is a whole number."""

    least: Fraction
    most: Fraction = MANY
    whole: bool = True


ZERO, ONE = Fraction(0), Fraction(1)
FIGURES: Mapping[str, Range] = {
    "sector_least": Range(Fraction(4)),
    "sector_distinct": Range(Fraction(3)),
    "sector_floor": Range(ZERO, whole=False),
    "sector_look": Range(ONE, Fraction(100), whole=False),
    "sector_strong": Range(ONE, Fraction(100), whole=False),
    "copies_strong": Range(ONE),
    "copies_public": Range(Fraction(2)),
    "digits_least": Range(Fraction(10)),
    "digits_written": Range(Fraction(3), Fraction(20)),
    "digits_round": Range(ZERO, ONE, whole=False),
    "digits_benford": Range(Fraction(10)),
    "digits_span": Range(Fraction(100), Fraction(10**18), whole=False),
    "jumps_look": Range(ONE, whole=False),
    "jumps_strong": Range(ONE, whole=False),
    "jumps_slip": Range(ZERO, ONE, whole=False),
    "lenient_least": Range(Fraction(2)),
    "alarm_look": Range(ZERO, ONE, whole=False),
    "alarm_strong": Range(ZERO, ONE, whole=False),
    "inspection_each": Range(ONE),
}
"""The figures that a file states, each with the numbers it may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The figures by name, the ratios, and the version of the file they are from."""

    figures: Mapping[str, Fraction]
    ratios: tuple[ScreenRatio, ...] = ()
    version: str = ""

    def whole(self, name: str) -> int:
        """A figure that is a count."""
        return int(self.figures[name])

    def __getitem__(self, name: str) -> Fraction:
        return self.figures[name]


def load_settings(path: Path | None = None) -> Settings:
    """The settings of a file, by default those of the library. Raises Refused with every mistake at its line."""
    root = rulesets_root()
    return _loaded(path or root / "screens" / "default.yaml", root)


@lru_cache(maxsize=8)
def _loaded(path: Path, root: Path) -> Settings:
    problems = ProblemList()
    file, located = load_model(path, ScreensFile, problems, shown_path(path, root))
    figures = _figures(file, located, problems) if file else {}
    problems.refuse_if_errors()
    assert file is not None
    return Settings(figures, file.ratios, file.version)


def _figures(file: ScreensFile, located: Located, problems: ProblemList) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for i, stated in enumerate(file.figures):
        allowed = FIGURES.get(stated.figure)
        if allowed is None:
            where = located.where(("figures", i, "figure"))
            problems.error("screen_figure_unknown", where, name=stated.figure, known=", ".join(FIGURES))
            continue
        if stated.figure in found:
            problems.error("screen_figure_twice", located.where(("figures", i, "figure")), name=stated.figure)
        number = _number(stated.value)
        if number is None or not allowed.least <= number <= allowed.most or (allowed.whole and number.denominator != 1):
            kind = "whole" if allowed.whole else "any"
            where = located.where(("figures", i, "value"))
            problems.error(f"screen_figure_{kind}", where, name=stated.figure, value=stated.value, least=allowed.least, most=allowed.most)
            number = allowed.least
        found[stated.figure] = number
    for name in FIGURES:
        if name not in found:
            problems.error("screen_figure_missing", located.where(("figures",)), name=name)
    return found


def _number(text: str | None) -> Fraction | None:
    try:
        return parse_number(text or "")
    except NumberError:
        return None
