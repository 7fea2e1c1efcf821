"""Hypothesis strategies for syntax trees, well typed and not."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from engine.language.ast import Binary, Call, Expr, Lookup, Member, Name, NumberLiteral, TextLiteral, TruthLiteral, Unary

_units = st.sampled_from(["", "tce", "%", "kgce/(kW·h)", "m2", "in", "kgce/100 m"])
_numbers = st.builds(lambda n, places, unit: NumberLiteral(Fraction(n, 10**places), unit), st.integers(0, 10**9), st.integers(0, 9), _units)
_names = st.sampled_from([Name("a"), Name("energy.tce"), Name("用地面积"), Name("quota.level_1"), Name("year")])
_quoted = st.sampled_from(["coal", "煤", 'say "x"', "it's", ""])
_leaves: st.SearchStrategy[Expr] = st.one_of(_numbers, _names, st.builds(TextLiteral, _quoted), st.builds(TruthLiteral, st.booleans()))


def _grow(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    operators = ["+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "or"]
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    choices = st.one_of(st.lists(_quoted, min_size=1, max_size=3).map(tuple), st.just(Name("codes")))
    return st.one_of(
        st.builds(Binary, st.sampled_from(operators), inner, inner),
        st.builds(Unary, st.sampled_from(["-", "not"]), inner),
        st.builds(Member, inner, choices),
        st.builds(Call, st.sampled_from(["sum", "min", "first", "anything"]), several),
        st.builds(Lookup, st.just(Name("quotas")), several, st.just("level_1")),
    )


any_tree = st.recursive(_leaves, _grow, max_leaves=12)

scalar: st.SearchStrategy[Expr] = st.recursive(
    st.one_of(
        st.sampled_from([Name("a"), Name("b"), Name("c")]),
        st.builds(lambda n: NumberLiteral(Fraction(n, 10)), st.integers(0, 60)),
    ),
    lambda inner: st.one_of(
        st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(lambda x: Unary("-", x), inner),
        st.builds(lambda f, x, y: Call(f, (x, y)), st.sampled_from(["min", "max", "first"]), inner, inner),
        st.builds(lambda x: Call("abs", (x,)), inner),
    ),
    max_leaves=10,
)

condition: st.SearchStrategy[Expr] = st.recursive(
    st.one_of(
        st.sampled_from([Name("p"), Name("q"), Name("r"), TruthLiteral(True), TruthLiteral(False)]),
        st.builds(Binary, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), scalar, scalar),
    ),
    lambda inner: st.one_of(
        st.builds(Binary, st.sampled_from(["and", "or"]), inner, inner),
        st.builds(lambda x: Unary("not", x), inner),
    ),
    max_leaves=8,
)
