"""Rounds made up from a sample: many applicants like one, each with numbers, papers and people of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from engine import assess_dossier, load_programme, read_dossier
from engine.assess.results import Assessment
from engine.dossier.schema import Cell, Dossier, Entry, Row
from engine.language import parse_number, split_quantity, to_text
from engine.language.errors import LanguageError
from engine.rounds.screen.case import Case
from engine.ruleset.programme import Programme

SAMPLES = Path(__file__).resolve().parents[3] / "samples"


class Dice:
    """Numbers that look like chance and are always the same for the same text."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def below(self, most: int) -> int:
        self.at += 1
        return int.from_bytes(hashlib.sha256(f"{self.text}/{self.at}".encode()).digest()[:8], "big") % most

    def bell(self) -> int:
        """About 1000, nearly always between 700 and 1300, bell-shaped."""
        return 700 + sum(self.below(101) for _ in range(6))


@lru_cache
def sample(name: str) -> tuple[Programme, Dossier]:
    dossier = read_dossier(SAMPLES / f"{name}.yaml")
    return load_programme(dossier.scheme, dossier.kind), dossier


def moved(text: str, dice: Dice) -> str:
    """A quantity by about as much more or less, with five digits that are not round."""
    try:
        number, unit = split_quantity(text)
        value = parse_number(number)
    except LanguageError:
        return text
    if unit == "%" or value == 0:
        return text
    places = next(places for places in range(12) if abs(value) * 10**places >= 10_000)
    digits = int(abs(value) * 10**places) * dice.bell() // 1000 * 10 + 1 + dice.below(9)
    return f"{to_text(parse_number(str(digits)) / 10 ** (places + 1))} {unit}".strip()


def varied(dossier: Dossier, seed: str, programme: Programme) -> Dossier:
    """Another applicant's dossier like this one: every quantity a little different, documents and people of its own."""
    dice = Dice(seed)
    tables = []
    for name, table in dossier.tables:
        numeric = {column.column for column in programme.tables[name].columns if column.type == "quantity" and column.role == "value"}
        rows = tuple(
            Row(tuple((c, Cell(moved(cell.text, dice), cell.where) if c in numeric else cell) for c, cell in row.declared))
            for row in table.rows
        )
        tables.append((name, replace(table, rows=rows)))
    inputs = tuple((name, _entry(entry, dice, name, programme)) for name, entry in dossier.inputs)
    evidence = tuple(
        replace(d, number=f"{d.number}-{seed}" if d.number else "", sha256="", issuer=f"{d.issuer}{seed}", title=f"{d.title}{seed}")
        for d in dossier.evidence
    )
    applicant = replace(
        dossier.applicant, name=f"厂{seed}", credit_code=f"CODE{seed}", address=f"路{seed}", phone=f"0573-1{dice.below(10**7):07}"
    )
    applicant = replace(applicant, legal_representative=f"法{seed}", contact=f"联{seed}", email="")
    return replace(dossier, id="one", applicant=applicant, inputs=inputs, tables=tuple(tables), evidence=evidence)


def _entry(entry: Entry, dice: Dice, name: str, programme: Programme) -> Entry:
    definition = programme.inputs.get(name)
    if definition is None or definition.type != "quantity" or definition.role != "value" or entry.declared is None:
        return replace(entry, verified=Cell("as_declared")) if entry.verified else entry
    return replace(entry, declared=Cell(moved(entry.declared.text, dice)), verified=Cell("as_declared"))


@lru_cache(maxsize=2000)
def _assessed(dossier: Dossier, programme: Programme, basis: str) -> Assessment:
    return assess_dossier(programme, dossier, basis)


def case_of(dossier: Dossier, programme: Programme, number: str, **fields: object) -> Case:
    made = {
        "number": number,
        "round": "2017Q3",
        "day": "2017-09-20",
        "district": dossier.applicant.district,
        "industry": dossier.applicant.industry,
        "third_party": dossier.assessor.organisation,
        "evaluator": dossier.assessor.lead,
        "dossier": dossier,
        "programme": programme,
        "assessment": _assessed(dossier, programme, "verified"),
        "self_assessment": _assessed(dossier, programme, "declared"),
    } | fields
    return Case(**made)  # type: ignore[arg-type]


@lru_cache
def clean_round(size: int, seed: str = "a") -> tuple[Case, ...]:
    """A round of so many applicants of one industry in which nothing is wrong."""
    programme, dossier = sample("dyeing_mill")
    return tuple(
        case_of(varied(dossier, f"{seed}{i}", programme), programme, f"N{i:03}", evaluator=f"评{i % 4}", third_party=f"机构{i % 2}")
        for i in range(size)
    )


def changed(case: Case, change: Callable[[Dossier], Dossier], **fields: object) -> Case:
    """The case with another dossier, assessed anew."""
    dossier = change(case.dossier)
    made = case_of(dossier, case.programme, case.number)
    return replace(case, dossier=dossier, assessment=made.assessment, self_assessment=made.self_assessment, **fields)


def with_input(name: str, text: str) -> Callable[[Dossier], Dossier]:
    def change(dossier: Dossier) -> Dossier:
        stated = {"declared": Cell(text), "verified": Cell("as_declared")}
        return replace(dossier, inputs=tuple((n, replace(e, **stated) if n == name else e) for n, e in dossier.inputs))

    return change
