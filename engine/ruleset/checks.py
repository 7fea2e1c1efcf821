"""The closed set of forms by which a dossier's statements are held against each other, each a small type of its own.

In YAML a check has one of them: ``agree: {one: ..., other: ..., tolerance: ...}``. Operands are expressions of the language; with
``rows_of`` they are computed for each row of that table, whose columns they may use. ``slips`` names factors by which people
mistake units: where a statement put right by one of them would pass, the finding says so.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

Expression = Annotated[str, Field(min_length=1)]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    limits: ClassVar[tuple[str, ...]] = ()
    """The places of figures that a statement is held against."""

    @property
    def table(self) -> str:
        """The table whose rows are looked at one by one; empty where the dossier is looked at as a whole."""
        return getattr(self, "rows_of", None) or ""

    def operands(self) -> dict[str, str]:
        """The expressions of the form by their place in it."""
        return {}

    def items(self) -> tuple[str, ...]:
        """The inputs, columns, tables and demands that the form names outside expressions."""
        return ()


class _Compared(_Form):
    rows_of: str | None = None
    slips: tuple[str, ...] = ()

    def operands(self) -> dict[str, str]:
        named = {name: getattr(self, name) for name in type(self).model_fields if name not in ("form", "rows_of", "by", "group", "slips")}
        return {name: text for name, text in named.items() if text is not None}


class Agree(_Compared):
    """Two statements of one quantity, which differ by no more than ``tolerance`` of the larger."""

    form: Literal["agree"] = "agree"
    limits: ClassVar[tuple[str, ...]] = ("tolerance",)
    one: Expression
    other: Expression
    tolerance: Expression


class Range(_Compared):
    """A value inside its plausible range, or one that no more than another can be; by ``tolerance`` it may lie beyond."""

    form: Literal["range"] = "range"
    limits: ClassVar[tuple[str, ...]] = ("at_least", "at_most", "tolerance")
    value: Expression
    at_least: Expression | None = None
    at_most: Expression | None = None
    tolerance: Expression | None = None


class Each(_Form):
    """Several inputs or indicators, each inside the same plausible range: rates, which are no more than 100 %."""

    form: Literal["each"] = "each"
    limits: ClassVar[tuple[str, ...]] = ("at_least", "at_most")
    of: tuple[str, ...] = Field(min_length=1)
    at_least: Expression | None = None
    at_most: Expression | None = None
    slips: tuple[str, ...] = ()

    def operands(self) -> dict[str, str]:
        return {place: text for place in self.limits if (text := getattr(self, place)) is not None}

    def items(self) -> tuple[str, ...]:
        return self.of


class Jump(_Compared):
    """What changed by more than ``at_most`` from one year to the next: two statements, or rows that follow each other ``by`` a column."""

    form: Literal["jump"] = "jump"
    limits: ClassVar[tuple[str, ...]] = ("at_most",)
    now: Expression
    before: Expression | None = None
    by: str | None = None
    at_most: Expression


class Outlier(_Compared):
    """A row whose value is more than ``within`` times the median of its group, or less than that part of it: a month among months."""

    form: Literal["outlier"] = "outlier"
    limits: ClassVar[tuple[str, ...]] = ("within",)
    rows_of: str
    value: Expression
    group: tuple[str, ...] = ()
    within: Expression


class _OfDocuments(_Form):
    of: tuple[str, ...] = ()

    def items(self) -> tuple[str, ...]:
        return self.of


class Dated(_OfDocuments):
    """Figures of the statistics period: not proven by documents alone that were issued before it begins."""

    form: Literal["dated"] = "dated"


class Outlives(_OfDocuments):
    """Documents that hold on the day of the application, and are to hold for as many ``months`` more as the label would."""

    form: Literal["outlives"] = "outlives"
    limits: ClassVar[tuple[str, ...]] = ("months",)
    months: Expression

    def operands(self) -> dict[str, str]:
        return {"months": self.months}


class Overused(_Form):
    """One document brought for more than ``at_most`` items without different pages of it being named for them."""

    form: Literal["overused"] = "overused"
    limits: ClassVar[tuple[str, ...]] = ("at_most",)
    at_most: Expression

    def operands(self) -> dict[str, str]:
        return {"at_most": self.at_most}


class Verified(_Form):
    """Declared and verified values of inputs and cells that differ by more than ``tolerance`` of the larger."""

    form: Literal["verified"] = "verified"
    limits: ClassVar[tuple[str, ...]] = ("tolerance",)
    tolerance: Expression
    slips: tuple[str, ...] = ()

    def operands(self) -> dict[str, str]:
        return {"tolerance": self.tolerance}


class Said(_OfDocuments):
    """Inputs and columns whose unit, or a remark beside it, is to hold one of the words ``says``; in a table once for each ``per``.

    ``where`` tells the rows that are meant; it is a condition over the rows of the column's table.
    """

    form: Literal["said"] = "said"
    of: tuple[str, ...] = Field(min_length=1)
    says: tuple[str, ...] = Field(min_length=1)
    where: Expression | None = None
    per: str | None = None

    @property
    def table(self) -> str:
        return next((name.partition(".")[0] for name in self.of if "." in name and self.where is not None), "")

    def operands(self) -> dict[str, str]:
        return {} if self.where is None else {"where": self.where}


class Copied(_Form):
    """Figures of at least ``digits`` digits that stand in another dossier too, ``at_least`` of them: of another applicant or year."""

    form: Literal["copied"] = "copied"
    limits: ClassVar[tuple[str, ...]] = ("at_least",)
    at_least: Expression
    digits: int = Field(default=3, ge=2)

    def operands(self) -> dict[str, str]:
        return {"at_least": self.at_least}


class Repeated(_Form):
    """Figures of at least ``digits`` digits that the row before has too, ``at_least`` of them; rows follow each other ``by`` a column."""

    form: Literal["repeated"] = "repeated"
    limits: ClassVar[tuple[str, ...]] = ("at_least",)
    rows_of: str
    by: str
    at_least: Expression
    digits: int = Field(default=3, ge=2)

    def operands(self) -> dict[str, str]:
        return {"at_least": self.at_least}


class SameDocument(_Form):
    """A document, by its hash or by number and issuer, that another applicant's dossier brings too."""

    form: Literal["same_document"] = "same_document"


AnyForm = Annotated[
    Agree | Range | Each | Jump | Outlier | Dated | Outlives | Overused | Verified | Said | Copied | Repeated | SameDocument,
    Field(discriminator="form"),
]
Compared = Agree | Range | Each | Jump | Outlier
"""The forms that hold numbers against each other."""


def as_form(raw: Any) -> Any:
    """``same_document`` and ``{agree: {...}}`` as the tagged form that the types are told apart by."""
    if isinstance(raw, str):
        return {"form": raw}
    if isinstance(raw, dict) and len(raw) == 1:
        name, body = next(iter(raw.items()))
        if isinstance(body, dict):
            return {**body, "form": name}
    return raw
