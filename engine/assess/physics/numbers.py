"""The forms that hold numbers against each other: agreement, plausible ranges, jumps between years, rows among rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from engine.assess.physics.cells import Cells, number
from engine.assess.results import CheckResult, Place, Shown, Statement
from engine.ruleset.checks import Agree, Each, Jump, Outlier, Range
from engine.ruleset.compile_checks import ReadyCheck

PERCENT = Fraction(1, 100)
FEWEST = 4
"""So many rows must be there for one of them to be told from the others."""

Closeness = Callable[[Fraction], "Fraction | None"]
"""How close (1 is best) a statement put right by a factor comes to what it is held against; None where it would still not pass."""


def compared(ready: ReadyCheck, cells: Cells) -> Iterator[CheckResult]:
    """What a check that holds numbers against each other finds."""
    finder = _Finder(ready, cells)
    match ready.form:
        case Agree():
            yield from finder.each(finder.agree)
        case Range():
            yield from finder.each(finder.range)
        case Each():
            yield from (found for name in ready.items if (found := finder.range(-1, name)) is not None)
        case Jump(by=None):
            yield from finder.each(finder.jump)
        case Jump():
            yield from finder.series()
        case Outlier():
            yield from finder.outliers()


class _Finder:
    def __init__(self, ready: ReadyCheck, cells: Cells) -> None:
        self.ready, self.cells, self.env = ready, cells, cells.run.env
        self.table = ready.form.table
        self.rows = cells.rows(self.table)[0] if self.table else ()

    def each(self, look: Callable[[int], CheckResult | None]) -> Iterator[CheckResult]:
        """The findings of every row of the table, or of the dossier as a whole."""
        for at in range(len(self.rows)) if self.table else (-1,):
            found = look(at)
            if found is not None:
                yield found

    def value(self, place: str, at: int) -> Fraction | None:
        operand = self.ready.operands.get(place)
        return None if operand is None else number(operand.run(self.env, self.rows[at] if at >= 0 else None))

    def agree(self, at: int) -> CheckResult | None:
        one, other, tolerance = (self.value(place, at) for place in ("one", "other", "tolerance"))
        if one is None or other is None or tolerance is None or apart(one, other) <= tolerance:
            return None
        slip = self.slip(lambda factor: near(one * factor, other) if apart(one * factor, other) <= tolerance else None)
        gap = Shown(apart(one, other), "%", PERCENT, places=2)
        return self.found("agree", at, (("one", one), ("other", other)), percent(tolerance), "tolerance", (("gap", gap),), slip)

    def range(self, at: int, stated: str = "value") -> CheckResult | None:
        """A value beyond its range; ``stated`` says which operand it is."""
        value = self.value(stated, at)
        low, high = self.value("at_least", at), self.value("at_most", at)
        beyond = self.value("tolerance", at) if "tolerance" in self.ready.operands else Fraction(0)
        if value is None or beyond is None:
            return None
        for place, limit, broken in (
            ("at_least", low, low is not None and value < low * (1 - beyond)),
            ("at_most", high, high is not None and value > high * (1 + beyond)),
        ):
            if broken and limit is not None:
                slip = self.slip(lambda factor: within(value * factor, low, high))
                return self.bounded(place, at, (stated, value), limit, slip)
        return None

    def bounded(self, place: str, at: int, value: tuple[str, Fraction], limit: Fraction, slip: str) -> CheckResult:
        """A value beyond a limit: a figure, or another statement of the dossier."""
        stated = self.cells.places(self.ready.operands[place].typed, self.table, at)
        pairs = (value, (place, limit)) if stated else (value,)
        tolerance = self.value("tolerance", at)
        if stated and tolerance is not None:
            return self.found(f"{place}_tolerance", at, pairs, percent(tolerance), "tolerance", (), slip)
        return self.found(f"{place}_stated" if stated else place, at, pairs, self.shown(limit, at), place, (), slip)

    def jump(self, at: int) -> CheckResult | None:
        now, before, most = (self.value(place, at) for place in ("now", "before", "at_most"))
        if now is None or not before or most is None or abs(now / before - 1) <= most:
            return None
        slip = self.slip(lambda factor: near(now * factor, before) if abs(now * factor / before - 1) <= most else None)
        change = Shown(now / before - 1, "%", PERCENT, places=1)
        return self.found("jump", at, (("now", now), ("before", before)), percent(most), "at_most", (("gap", change),), slip)

    def series(self) -> Iterator[CheckResult]:
        """Each row against the one before it by the column of the form."""
        form = self.ready.form
        assert isinstance(form, Jump) and form.by is not None
        by = form.by
        order = sorted((at for at, row in enumerate(self.rows) if by in row), key=lambda at: str(self.rows[at][by]))
        for earlier, later in pairwise(order):
            before, now, most = self.value("now", earlier), self.value("now", later), self.value("at_most", later)
            if now is None or not before or most is None or abs(now / before - 1) <= most:
                continue
            slip = self.slip(lambda f, n=now, b=before, m=most: near(n * f, b) if abs(n * f / b - 1) <= m else None)  # type: ignore[misc]
            change = Shown(now / before - 1, "%", PERCENT, places=1)
            found = self.found("jump", later, (("now", now),), percent(most), "at_most", (("gap", change),), slip)
            yield found._replace(statements=(*found.statements, self.statement("now", earlier, before)))

    def outliers(self) -> Iterator[CheckResult]:
        """Rows far from the median of their group; rows of zero say nothing."""
        form = self.ready.form
        assert isinstance(form, Outlier)
        groups: dict[tuple[str, ...], list[tuple[int, Fraction]]] = {}
        for at, row in enumerate(self.rows):
            value = self.value("value", at)
            if value is not None and value > 0:
                groups.setdefault(tuple(str(row.get(column)) for column in form.group), []).append((at, value))
        for members in groups.values():
            if len(members) >= FEWEST:
                yield from self.of_group(members)

    def of_group(self, members: Sequence[tuple[int, Fraction]]) -> Iterator[CheckResult]:
        middle = median([value for _, value in members])
        for at, value in members:
            most = self.value("within", at)
            if most is None or near(value, middle) <= most:
                continue
            slip = self.slip(lambda f, v=value, m=most: near(v * f, middle) if near(v * f, middle) <= m else None)  # type: ignore[misc]
            times = Shown(value / middle)
            found = self.found("outlier", at, (("value", value),), Shown(most), "within", (("gap", times),), slip)
            others = (place for other, _ in members if other != at for place in self.places("value", other))
            yield found._replace(statements=(*found.statements, Statement(self.shown(middle, at), merged(others))))

    def slip(self, close: Closeness) -> str:
        """The mistake of units that explains a finding best, the first of equals: what is put right by its factor would pass."""
        best: tuple[Fraction, str] | None = None
        for name, factor in self.ready.slips.items():
            for put_right in (factor, 1 / factor):
                closeness = close(put_right)
                if closeness is not None and (best is None or closeness < best[0]):
                    best = closeness, name
        return best[1] if best else ""

    def places(self, place: str, at: int) -> tuple[Place, ...]:
        return self.cells.places(self.ready.operands[place].typed, self.table, at)

    def shown(self, value: Fraction, at: int) -> Shown:
        return self.cells.shown(self.ready, value, self.table, self.rows[at] if at >= 0 else None)

    def statement(self, place: str, at: int, value: Fraction) -> Statement:
        return Statement(self.shown(value, at), self.places(place, at))

    def found(
        self,
        code: str,
        at: int,
        pairs: Sequence[tuple[str, Fraction]],
        limit: Shown,
        place: str,
        params: tuple[tuple[str, Shown], ...],
        slip: str,
    ) -> CheckResult:
        check = self.ready.check
        statements = tuple(self.statement(operand, at, value) for operand, value in pairs)
        row = self.cells.row_name(self.table, self.rows[at]) if at >= 0 else ""
        figure = self.ready.figures.get(place)
        return CheckResult(check.check, check.test.form, check.severity, code, statements, row, limit, figure, params, slip)


def apart(one: Fraction, other: Fraction) -> Fraction:
    """How far two numbers differ, as a share of the larger."""
    larger = max(abs(one), abs(other))
    return abs(one - other) / larger if larger else Fraction(0)


def near(one: Fraction, other: Fraction) -> Fraction:
    """How many times the smaller of two positive numbers the larger is."""
    if one <= 0 or other <= 0:
        return Fraction(10**30)
    return one / other if one >= other else other / one


def within(value: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction | None:
    """How close a value comes to the middle of a range with two ends, measured by factors; a range with one end tells nothing of them."""
    if low is None or high is None or not low <= value <= high:
        return None
    return near(value * value, low * high)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle one of several numbers, or the mean of the two in the middle."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def percent(share: Fraction) -> Shown:
    """A share as it prints."""
    return Shown(share, "%", PERCENT)


def merged(places: Iterator[Place]) -> tuple[Place, ...]:
    """Cells of the same column by the first and the last of them."""
    found: dict[str, Place] = {}
    for place in places:
        first = found.setdefault(place.name, place)
        if first is not place:
            found[place.name] = Place(place.name, first.first, place.last or place.first)
    return tuple(found.values())
