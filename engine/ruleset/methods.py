"""The closed set of methods by which a gate or criterion is judged, each a small type of its own.

Operands (``value``, ``at_least``, ``lead`` ...) are expressions of the language: an indicator, an input, a figure with its unit,
or arithmetic over them. In YAML a method is written ``method: conform`` or ``method: {threshold: {value: ..., at_least: ...}}``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Expression = Annotated[str, Field(min_length=1)]
Direction = Literal["up", "down"]


class _Method(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    def operands(self) -> dict[str, str]:
        """The expressions of the method by their place in it."""
        return {}


class Conform(_Method):
    """Yes or no, judged by a person on evidence.

    Where the dossier's data decide it (``decided_when`` holds), it is met when ``value`` holds and the answer is not no.
    """

    method: Literal["conform"] = "conform"
    decided_when: Expression | None = None
    value: Expression | None = None

    def operands(self) -> dict[str, str]:
        return {} if self.decided_when is None or self.value is None else {"decided_when": self.decided_when, "value": self.value}

    @model_validator(mode="after")
    def _both_or_neither(self) -> Conform:
        if (self.decided_when is None) != (self.value is None):
            raise ValueError("conform_half")
        return self


class Holds(_Method):
    """Yes or no, read from the dossier's data: met when the condition ``value`` holds."""

    method: Literal["holds"] = "holds"
    value: Expression

    def operands(self) -> dict[str, str]:
        return {"value": self.value}


LIMITS = ("at_least", "more_than", "at_most", "less_than", "not_detected_below", "grade_at_least")


class Limit(BaseModel):
    """One limit, or a range of two. ``when`` says on which basis it holds; the first limit whose ``when`` is true is the one."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    when: Expression | None = None
    value: Expression | None = None
    at_least: Expression | None = None
    more_than: Expression | None = None
    at_most: Expression | None = None
    less_than: Expression | None = None
    not_detected_below: Expression | None = None
    grade_at_least: Expression | None = None

    def parts(self) -> dict[str, str]:
        """The stated comparisons, by their name."""
        return {name: text for name in LIMITS if (text := getattr(self, name)) is not None}

    @model_validator(mode="after")
    def _something_stated(self) -> Limit:
        if not self.parts():
            raise ValueError("limit_empty")
        return self


class Threshold(_Method):
    """At least, at most, more, less, a range (two of them), not detected, or grade."""

    method: Literal["threshold"] = "threshold"
    value: Expression
    comparison: Literal["full", "rounded"] = "full"
    limits: tuple[Limit, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _single_limit(cls, raw: Any) -> Any:
        """``{value, at_least}`` is short for ``{value, limits: [{at_least}]}``."""
        if isinstance(raw, dict) and "limits" not in raw:
            limit = {k: v for k, v in raw.items() if k in LIMITS}
            return {**{k: v for k, v in raw.items() if k not in LIMITS}, "limits": [limit]}
        return raw

    def operands(self) -> dict[str, str]:
        out = {"value": self.value}
        numbered = list(enumerate(self.limits))
        for i, limit in sorted(numbered, key=lambda each: each[1].value is not None):
            if limit.when is not None:
                out[f"limits[{i}].when"] = limit.when
            if limit.value is not None:
                out[f"limits[{i}].value"] = limit.value
            out |= {f"limits[{i}].{name}": text for name, text in limit.parts().items()}
        return out

    def value_of(self, number: int) -> str:
        """The place of the value that a limit holds: its own, or that of all."""
        return "value" if self.limits[number].value is None else f"limits[{number}].value"


class Declare(_Method):
    """Reported, without a limit: full points once it is stated."""

    method: Literal["declare"] = "declare"
    value: Expression

    def operands(self) -> dict[str, str]:
        return {"value": self.value}


class Step(BaseModel):
    """From ``at`` on (in the method's direction) the item earns ``points``."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    at: Expression
    points: str


class Bands(_Method):
    """Points by bands: the best step reached, or half the points at ``start`` rising linearly to all of them at ``full``."""

    method: Literal["bands"] = "bands"
    value: Expression
    direction: Direction = "up"
    start: Expression | None = None
    full: Expression | None = None
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _one_form(self) -> Bands:
        ladder = self.start is not None and self.full is not None
        if ladder == bool(self.steps) or (self.start is None) != (self.full is None):
            raise ValueError("bands_form")
        return self

    def operands(self) -> dict[str, str]:
        out = {"value": self.value}
        if self.start is not None and self.full is not None:
            out |= {"start": self.start, "full": self.full}
        return out | {f"steps[{i}].at": step.at for i, step in enumerate(self.steps)}


class Comparison(BaseModel):
    """One basis of comparison that the applicant may name."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    when: Expression | None = None
    value: Expression
    lead: Expression
    base: Expression


class Interpolate(_Method):
    """Nothing at or beyond the base on the wrong side, all points at the lead, linear between.

    The first basis whose ``when`` is true is the one; ``{value, lead, base}`` is short for a single basis.
    """

    method: Literal["interpolate"] = "interpolate"
    direction: Direction
    bases: tuple[Comparison, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _single_basis(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and "bases" not in raw:
            keys = ("value", "lead", "base")
            return {**{k: v for k, v in raw.items() if k not in keys}, "bases": [{k: raw[k] for k in keys if k in raw}]}
        return raw

    def operands(self) -> dict[str, str]:
        out: dict[str, str] = {}
        for i, basis in enumerate(self.bases):
            if basis.when is not None:
                out[f"bases[{i}].when"] = basis.when
            out |= {f"bases[{i}].{name}": getattr(basis, name) for name in ("value", "lead", "base")}
        return out


class Ratio(_Method):
    """Value over reference (up) or reference over value (down), times the points; ``cap`` limits the ratio, null leaves it open.

    Where less is better, a value at or below zero reaches the cap, and says nothing where there is none.
    """

    method: Literal["ratio"] = "ratio"
    value: Expression
    reference: Expression
    direction: Direction
    cap: str | None = "1"
    when_reference_zero: Literal["full", "nothing", "undetermined"] = "undetermined"

    def operands(self) -> dict[str, str]:
        return {"value": self.value, "reference": self.reference}


class Rank(_Method):
    """Percentile in a named population (5 % = among the best twentieth): half the points at ``start``, all of them at ``full``."""

    method: Literal["rank"] = "rank"
    value: Expression
    start: Expression
    full: Expression
    population: dict[str, str] = {}

    def operands(self) -> dict[str, str]:
        return {"value": self.value, "start": self.start, "full": self.full}


class Count(_Method):
    """How many of a list are fulfilled, each once: nothing at ``base``, all points at ``lead``, linear between."""

    method: Literal["count"] = "count"
    value: Expression
    lead: Expression
    base: Expression = "0"

    def operands(self) -> dict[str, str]:
        return {"value": self.value, "lead": self.lead, "base": self.base}


class Level(BaseModel):
    """A membership level with its limit, or the condition under which it is reached.

    ``points`` is what reaching it earns; a standard that aggregates by membership gives none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    level: str
    limit: Expression | None = None
    when: Expression | None = None
    points: str | None = None


class Membership(_Method):
    """The best level (I before II before III) whose limit the value keeps, or whose condition holds; nothing below the last."""

    method: Literal["membership"] = "membership"
    value: Expression | None = None
    direction: Direction | None = None
    levels: tuple[Level, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_form(self) -> Membership:
        measured = self.value is not None and self.direction is not None and all(level.when is None for level in self.levels)
        judged = self.value is None and self.direction is None and all(level.limit is None for level in self.levels)
        stated = all((level.limit is None) != (level.when is None) for level in self.levels)
        if not stated or not (measured or judged):
            raise ValueError("levels_form")
        return self

    def operands(self) -> dict[str, str]:
        found = {"value": self.value} | {f"levels[{i}].limit": level.limit for i, level in enumerate(self.levels)}
        found |= {f"levels[{i}].when": level.when for i, level in enumerate(self.levels)}
        return {place: text for place, text in found.items() if text is not None}


class Judgement(_Method):
    """The assessor's points, with a reason; ``steps`` lists the points that may be given where the text lists them."""

    method: Literal["judgement"] = "judgement"
    steps: tuple[str, ...] = ()


class All(_Method):
    """Met when every named criterion is met."""

    method: Literal["all"] = "all"
    of: tuple[str, ...] = Field(min_length=1)


class KOf(_Method):
    """Met when at least ``k`` of the named criteria are met."""

    method: Literal["k_of"] = "k_of"
    k: int = Field(ge=1)
    of: tuple[str, ...] = Field(min_length=1)


class Choose(_Method):
    """``n`` of the named criteria count: those the dossier names, then the best of the rest; their points stand in the group's place."""

    method: Literal["choose"] = "choose"
    n: int = Field(ge=1)
    of: tuple[str, ...] = Field(min_length=1)


AnyMethod = Annotated[
    Conform | Holds | Threshold | Declare | Bands | Interpolate | Ratio | Rank | Count | Membership | Judgement | All | KOf | Choose,
    Field(discriminator="method"),
]


def as_method(raw: Any) -> Any:
    """``conform`` and ``{threshold: {...}}`` as the tagged form that the types are told apart by."""
    if isinstance(raw, str):
        return {"method": raw}
    if isinstance(raw, dict) and len(raw) == 1:
        name, body = next(iter(raw.items()))
        if isinstance(body, dict):
            return {**body, "method": name}
    return raw
