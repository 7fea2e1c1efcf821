"""The language of rulesets: exact numbers, units, and typed expressions.

``check`` turns a text into a :class:`TypedExpr` or raises with every mistake; ``compile_expr`` computes it exactly.
The typed tree (``engine.language.typed``) is the contract for any other evaluator.
"""

from __future__ import annotations

from engine.language.check import FUNCTIONS, check
from engine.language.errors import ExpressionError, InvalidExpression, LanguageError, NumberError, UnitError
from engine.language.evaluate import (
    Cause,
    Env,
    Row,
    Unknown,
    Value,
    combine,
    compile_expr,
    compile_node,
    compile_row,
    compile_row_node,
    unknown,
)
from engine.language.numbers import (
    compare_rounded,
    ends_within,
    exact_number,
    exact_text,
    half_width,
    parse_number,
    round_half_even,
    split_quantity,
    to_json_number,
    to_text,
    written_quantity,
    written_step,
)
from engine.language.parse import parse
from engine.language.render import render, to_source
from engine.language.tokens import KEYWORDS
from engine.language.typed import Node, TypedExpr
from engine.language.types import CodeSet, Day, Month, Number, ReferenceType, Scope, Text, Truth, Type
from engine.language.units import Dimension, Unit, Units, from_base, to_base

__all__ = [
    "FUNCTIONS",
    "KEYWORDS",
    "Cause",
    "CodeSet",
    "Day",
    "Dimension",
    "Env",
    "ExpressionError",
    "InvalidExpression",
    "LanguageError",
    "Month",
    "Node",
    "Number",
    "NumberError",
    "ReferenceType",
    "Row",
    "Scope",
    "Text",
    "Truth",
    "Type",
    "TypedExpr",
    "Unit",
    "UnitError",
    "Units",
    "Unknown",
    "Value",
    "check",
    "combine",
    "compare_rounded",
    "compile_expr",
    "compile_node",
    "compile_row",
    "compile_row_node",
    "ends_within",
    "exact_number",
    "exact_text",
    "from_base",
    "half_width",
    "parse",
    "parse_number",
    "render",
    "round_half_even",
    "split_quantity",
    "to_base",
    "to_json_number",
    "to_source",
    "to_text",
    "unknown",
    "written_quantity",
    "written_step",
]  # fmt: skip
