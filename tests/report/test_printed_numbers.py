"""Every form of every sample's result prints the assessment's numbers: read back from the file and compared one by one."""

from __future__ import annotations

import re
import shutil
from fractions import Fraction

import pytest

from engine.assess.results import Shown
from engine.assess.sentences import number_text, unit_text
from engine.language import to_json_number, to_text
from engine.texts import say
from tests.report.printed import (
    applicable,
    book,
    cell_text,
    data,
    interval,
    page,
    pdf_text,
    points,
    scored,
    sheet_rows,
    squeezed,
    table_below,
    total,
    total_places,
    value,
)
from tests.samples.results import NAMES, assess, main_basis, own_programme

CASES = [*((name, "zh") for name in NAMES), ("dyeing_mill", "en"), ("park_incomplete_year", "en"), ("electroplating_cp", "en")]
EVERY = pytest.mark.parametrize(("name", "lang"), CASES)


# --- PDF ---


@EVERY
def test_pdf(name: str, lang: str) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed")
    made, text, programme = assess(name, main_basis(name)), pdf_text(name, lang), own_programme(name)
    run = squeezed(text)
    lacking: list[str] = []
    if made.score_max and run.count(squeezed(total(made, lang))) < 3:
        lacking.append("total")
    for dimension in made.dimensions:
        if dimension.max and not dimension.not_applicable:
            weight = "—" if dimension.weight is None else to_json_number(dimension.weight)
            wanted = [dimension.number, programme.title(dimension.id, lang), weight, interval(dimension.raw, lang)]
            wanted += [to_text(dimension.raw_max, 2), interval(dimension.contribution, lang), to_text(dimension.max, 2)]
            lacking += [dimension.id] if squeezed("".join(wanted)) not in run else []
    for criterion in scored(name):
        status = say(f"statuses.{criterion.status.value}", lang)
        ending = r"\s?".join(map(re.escape, squeezed(points(criterion, lang) or ""))) + r"\s" + re.escape(status)
        row = rf"(?<!\S){re.escape(criterion.number)}\s.{{0,300}}?(?<!\S){ending}"
        lacking += [criterion.id] if not re.search(row, text, re.IGNORECASE | re.DOTALL) else []
    for judged in (*made.criteria, *made.indicators):
        values = [value(shown, name, lang) for shown in (judged.declared, judged.verified)]
        lacking += [f"{judged.id} {said}" for said in values if squeezed(said) not in run]
    for year in made.years:
        scores = [interval(score, lang, total_places(score, made)) for score in (year.score, year.capped)]
        lacking += [f"{year.year}"] if squeezed("".join([str(year.year), *scores])) not in run else []
    lacking += [level.level for level in made.levels if squeezed(interval(level.index, lang)) not in run]
    assert lacking == []


# --- HTML ---


@EVERY
def test_html(name: str, lang: str) -> None:
    made, read = assess(name, main_basis(name)), page(name, lang)
    programme = own_programme(name)
    if made.score_max:
        assert read.text.count(total(made, lang)) >= 3
    for dimension in made.dimensions:
        if dimension.max and not dimension.not_applicable:
            wanted = [interval(dimension.raw, lang), to_text(dimension.raw_max, 2), interval(dimension.contribution, lang)]
            wanted.append(to_text(dimension.max, 2))
            title = f"{dimension.number} {programme.title(dimension.id, lang)}".strip()
            assert any(row.texts[:1] == [title] and row.texts[2:] == wanted for row in read.rows), dimension.id
    indexed = programme.indexed
    for criterion in made.criteria:
        cells = read.row(criterion.id).cells
        if criterion.max and criterion.id not in indexed:
            assert cells[say("report.table.points", lang)] == points(criterion, lang), criterion.id
            most = "report.table.at_reference" if programme.standard.aggregate == "index" else "report.table.max"
            assert Fraction(cells[say(most, lang)]) == round(criterion.max, 2), criterion.id
    for judged in made.judged:
        cells = read.row(judged.id).cells
        for key, shown in (("declared", judged.declared), ("verified", judged.verified)):
            assert cells.get(say(f"report.table.{key}", lang), "—").replace("—", "") == value(shown, name, lang), judged.id
    for indicator in made.indicators:
        for _, shown in indicator.inputs:
            assert value(shown, name, lang) in read.text
        assert value(indicator.value, name, lang) in read.text
    for year in made.years:
        wanted = [interval(score, lang, total_places(score, made)) for score in (year.score, year.capped)]
        assert any(row.texts[:3] == [str(year.year), *wanted] for row in read.rows)
    for level in made.levels:
        assert any(row.texts[:2] == [programme.tier_title(level.level, lang), interval(level.index, lang)] for row in read.rows)


# --- workbook ---


@EVERY
def test_workbook(name: str, lang: str) -> None:
    made, read = assess(name, main_basis(name)), book(name, lang)
    programme = own_programme(name)
    if made.score_max:
        places = total_places(made.score, made)
        facts = {row[0].value: row[1] for row in read.worksheets[0].iter_rows(min_col=2, max_col=3)}
        assert cell_text(facts[say("scored.least", lang)]) == to_text(made.score.low, places)
        assert cell_text(facts[say("scored.most", lang)]) == open_end(made.score.high, lang, places)
    rows = {row[0]: row[1:] for row in table_below(read, "overview", say("report.dimensions.dimension", lang))}
    for dimension in made.dimensions:
        if made.score_max and dimension.max and not dimension.not_applicable:
            raw, found = dimension.raw, dimension.contribution
            wanted = [to_text(raw.low, 2), open_end(raw.high, lang), to_text(dimension.raw_max, 2)]
            wanted += [to_text(found.low, 2), open_end(found.high, lang), to_text(dimension.max, 2)]
            assert rows[f"{dimension.number} {programme.title(dimension.id, lang)}".strip()][1:] == wanted
    for criterion, row in zip(made.criteria, sheet_rows(read, "criteria") if made.criteria else [], strict=True):
        assert row["number"].value == criterion.number
        if criterion.max and criterion.id not in programme.indexed:
            assert [cell_text(row["low"]), cell_text(row["high"])] == [
                to_text(criterion.points.low, 2),
                open_end(criterion.points.high, lang),
            ], criterion.id
            assert Fraction(str(row["max"].value)) == round(criterion.max, 2)
            assert applicable(criterion) or criterion.points.low == row["low"].value
    for role, items in (("gates", made.gates), ("criteria", made.criteria)):
        for judged, row in zip(items, sheet_rows(read, role) if items else [], strict=True):
            for key, shown in (("declared", judged.declared), ("verified", judged.verified)):
                assert holds(row[key], row[f"{key}_unit"], shown, name, lang), judged.id
    for _, row in zip(made.findings, sheet_rows(read, "findings"), strict=False):
        assert row["text"].data_type == "s"


@EVERY
def test_workbook_of_indicators_and_years(name: str, lang: str) -> None:
    made, read = assess(name, main_basis(name)), book(name, lang)
    if made.indicators:
        rows = iter(sheet_rows(read, "indicators"))
        for indicator in made.indicators:
            row = next(rows)
            assert row["number"].value or indicator.number == ""
            assert holds(row["value"], row["unit"], indicator.value, name, lang), indicator.id
            for _, shown in indicator.inputs:
                row = next(rows)
                assert holds(row["value"], row["unit"], shown, name, lang), indicator.id
        assert list(rows) == []
    if made.years:
        expected = [(str(year.year), c) for year in made.years for c in year.criteria if c.max]
        for (year_name, criterion), row in zip(expected, sheet_rows(read, "years"), strict=True):
            assert [cell_text(row[key]) for key in ("year", "low")] == [year_name, to_text(criterion.points.low, 2)]
            assert cell_text(row["high"]) == open_end(criterion.points.high, lang)


def open_end(high: Fraction | None, lang: str, places: int = 2) -> str:
    return say("scored.unbounded", lang) if high is None else to_text(high, places)


def holds(cell: object, unit: object, shown: Shown | None, name: str, lang: str) -> bool:
    """Whether a cell has a value as a number with its unit beside it, or what is no number in words."""
    if shown is None or shown.number is None:
        return cell_text(cell) == value(shown, name, lang)
    whole = number_text(shown.number, shown.places)
    assert cell.data_type == "n" or len(whole) > 15  # type: ignore[attr-defined]
    return [cell_text(cell), cell_text(unit)] == [whole, unit_text(shown.unit, lang, own_programme(name))]


# --- JSON ---


@pytest.mark.parametrize("name", NAMES)
def test_json(name: str) -> None:
    made, read = assess(name, main_basis(name)), data(name)
    assert exact(read["score"], "low") == made.score.low and exact(read["score"], "high") == made.score.high
    assert Fraction(read["score"]["max"]) == made.score_max
    for criterion, plain in zip(made.criteria, read["criteria"], strict=True):
        assert (exact(plain["points"], "low"), exact(plain["points"], "high")) == tuple(criterion.points)
        assert plain["points"]["max"] == to_json_number(criterion.max)
        for key, shown in (("declared", criterion.declared), ("verified", criterion.verified)):
            if shown is not None and shown.number is not None:
                assert plain[key] == {"value": to_json_number(shown.number), "unit": shown.unit} | (
                    {"entered": shown.entered} if shown.entered else {}
                )
    for dimension, plain in zip(made.dimensions, read["dimensions"], strict=True):
        assert (exact(plain, "low"), exact(plain, "high")) == tuple(dimension.contribution)
    for indicator, plain in zip(made.indicators, read["indicators"], strict=True):
        if indicator.value.number is not None:
            assert plain["value"] == to_json_number(indicator.value.number)
    for year, plain in zip(made.years, read["years"], strict=True):
        assert (exact(plain, "low"), exact(plain["capped"], "high")) == (year.score.low, year.capped.high)


def exact(plain: dict[str, object], end: str) -> Fraction | None:
    """An end of an interval: its exact form where its decimal one does not end."""
    found = plain.get("exact", {}).get(end, plain[end])  # type: ignore[attr-defined]
    return None if found is None else Fraction(found)
