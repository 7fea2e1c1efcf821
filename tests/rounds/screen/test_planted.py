"""What is planted in a clean round is found and named, with its counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from math import ceil, comb

import pytest

from engine.assess.results import CriterionResult, Interval, Names, Shown, Status
from engine.dossier.schema import Cell, Dossier, Row
from engine.language import split_quantity
from engine.rounds.screen.case import Case, OfficeCheck
from engine.rounds.screen.conflict import Tie, conflict_signals
from engine.rounds.screen.copies import copies_signals
from engine.rounds.screen.digits import digits_signals
from engine.rounds.screen.jumps import jumps_signals
from engine.rounds.screen.lenient import lenient_signals
from engine.rounds.screen.sector import sector_signals
from engine.rounds.screen.settings import load_settings
from engine.rounds.screen.signal import LOOK, NOTE, STRONG, Signal, listed
from engine.rounds.screen.words import innocent_sentence, signal_sentence
from engine.rounds.screen.yearly import yearly_signals
from tests.rounds.screen.made import changed, clean_round, with_input

SIZE = 20
F = Fraction


def base() -> tuple[Case, ...]:
    return clean_round(SIZE)


def of_screen(
    screen: str, cases: tuple[Case, ...], history: tuple[Case, ...] = (), *, year_limit: int = 15, ties: tuple[Tie, ...] = ()
) -> list[Signal]:
    """The signals of one screen in their order; each is said in both languages."""
    settings = load_settings()
    made: dict[str, Callable[[], Iterable[Signal]]] = {
        "sector": lambda: sector_signals(cases, history, settings),
        "copies": lambda: copies_signals(cases, history, settings),
        "digits": lambda: digits_signals(cases, settings),
        "jumps": lambda: jumps_signals(cases, history, settings),
        "lenient": lambda: lenient_signals(cases, history, settings),
        "yearly": lambda: yearly_signals(cases, history, year_limit),
        "conflict": lambda: conflict_signals(cases, ties),
    }
    found = listed(made[screen]())
    for signal in found:
        sentences = [signal_sentence(signal, settings.ratios, lang) for lang in ("zh", "en")]
        assert all(sentences)
        assert sentences[0] != sentences[1]
        assert [bool(innocent_sentence(signal, lang)) for lang in ("zh", "en")] == [bool(signal.innocent)] * 2
    return list(found)


def said(signal: Signal) -> dict[str, object]:
    return dict(signal.params)


# --- outliers ---


def test_an_indicator_far_from_its_sector_is_named_with_the_middle_of_the_group() -> None:
    cases = (changed(base()[0], with_input("land_area", "2001.7 m2")), *base()[1:])  # all others have about 66,720
    found = {signal.items[0]: signal for signal in of_screen("sector", cases)}
    ratio = found["plot_ratio"]
    assert (ratio.code, ratio.severity, ratio.numbers) == ("sector_good", STRONG, ("N000",))
    values = sorted(
        i.value.value for case in cases for i in case.assessment.indicators if i.id == "plot_ratio" and i.value.value is not None
    )
    middle = said(ratio)["centre"]
    assert isinstance(middle, Shown)
    assert middle.value == (values[9] + values[10]) / 2  # type: ignore[operator]
    assert (said(ratio)["count"], said(ratio)["industry"]) == (F(SIZE), "1752")
    assert "energy_to_land" in found


def test_what_is_far_off_to_the_applicants_loss_is_a_note() -> None:
    cases = (changed(base()[0], with_input("land_area", "2000001 m2")), *base()[1:])
    found = {signal.items[0]: signal for signal in of_screen("sector", cases)}
    assert (found["plot_ratio"].code, found["plot_ratio"].severity) == ("sector_bad", NOTE)
    assert found["energy_to_land"].code == "sector_far"


def test_a_group_is_widened_until_it_is_large_enough() -> None:
    """Four digits are shared by 4, three by 8, two by all."""
    codes = ["1752"] * 4 + ["1751"] * 4 + ["1781"] * 12
    cases = tuple(replace(case, industry=code) for case, code in zip(base(), codes, strict=True))
    odd = replace(changed(cases[0], with_input("land_area", "2001.7 m2")), industry="1752")
    [found] = [s for s in of_screen("sector", (odd, *cases[1:])) if s.items == ("plot_ratio",)]
    assert (said(found)["industry"], said(found)["count"], found.severity) == ("17", F(SIZE), STRONG)


def test_against_all_industries_an_outlier_is_no_more_than_a_note() -> None:
    cases = tuple(replace(case, industry=f"{13 + i}11") for i, case in enumerate(base()))
    odd = replace(changed(cases[0], with_input("land_area", "2001.7 m2")), industry="1311")
    [found] = [s for s in of_screen("sector", (odd, *cases[1:])) if s.items == ("plot_ratio",)]
    assert (said(found)["industry"], found.severity, found.innocent) == ("*", NOTE, "other_industries")


def test_without_any_industry_all_of_the_kind_are_the_group() -> None:
    cases = tuple(replace(case, industry="") for case in base())
    odd = replace(changed(cases[0], with_input("land_area", "2001.7 m2")), industry="")
    [found] = [s for s in of_screen("sector", (odd, *cases[1:])) if s.items == ("plot_ratio",)]
    assert (said(found)["industry"], found.severity, found.innocent) == ("*", STRONG, "other_business")


def test_history_makes_a_group_large_enough() -> None:
    history = tuple(replace(case, round="2016Q4", day="2016-12-01") for case in base()[6:])
    odd = changed(base()[0], with_input("land_area", "2001.7 m2"))
    assert "plot_ratio" in {signal.items[0] for signal in of_screen("sector", (odd, *base()[1:6]), history)}


# --- copies ---


def copied(dossier: Dossier, other: Dossier, months: int) -> Dossier:
    """The electricity of some months as another has it."""
    theirs = dict(other.tables)["energy"].rows
    tables = tuple((n, replace(t, rows=(*theirs[:months], *t.rows[months:])) if n == "energy" else t) for n, t in dossier.tables)
    return replace(dossier, tables=tables)


def test_figures_copied_from_another_are_found_once_for_the_pair() -> None:
    cases = (*base()[:3], changed(base()[3], lambda dossier: copied(dossier, base()[7].dossier, 7)), *base()[4:])
    [found] = of_screen("copies", cases)
    assert (found.code, found.numbers, said(found)["count"], found.severity) == ("copies_figures", ("N003", "N007"), F(7), LOOK)
    assert found.items == ("energy.quantity",)


def test_many_copied_figures_weigh_more() -> None:
    cases = (*base()[:3], changed(base()[3], lambda dossier: copied(dossier, base()[7].dossier, 12)), *base()[4:])
    assert [(found.severity, said(found)["count"]) for found in of_screen("copies", cases)] == [(STRONG, F(12))]


def test_figures_of_the_applicants_own_last_year_are_told_as_such() -> None:
    before = replace(base()[3], round="2016Q3", number="N900", day="2016-09-20", dossier=replace(base()[3].dossier, year=2015))
    found = [s for s in of_screen("copies", base()[:10], (before,)) if s.code == "copies_own"]
    assert [(s.numbers, said(s)["year"]) for s in found] == [(("N003",), "2015")]


def with_document(**fields: str) -> Callable[[Dossier], Dossier]:
    return lambda dossier: replace(
        dossier, evidence=(replace(dossier.evidence[17], **fields), *dossier.evidence[:17], *dossier.evidence[18:])
    )


@pytest.mark.parametrize(
    ("fields", "code", "severity"),
    [
        ({"sha256": "ab" * 32}, "copies_document_hash", STRONG),
        ({"number": "检字 17", "issuer": "检测所"}, "copies_document_number", LOOK),
        ({"title": "能源 统计报表", "issuer": "统计局", "issued": "2017-01-20", "number": ""}, "copies_document_title", NOTE),
    ],
)
def test_the_same_document_in_two_dossiers_is_found(fields: dict[str, str], code: str, severity: str) -> None:
    cases = (*(changed(case, with_document(**fields)) for case in base()[:2]), *base()[2:])
    [found] = of_screen("copies", cases)
    assert (found.code, found.severity, found.numbers, said(found)["count"]) == (code, severity, ("N000", "N001"), F(2))
    assert "energy" in found.items  # what the document is brought for


def test_documents_with_numbers_of_their_own_are_not_taken_for_the_same_by_their_titles() -> None:
    fields = {"title": "不动产权证书", "issuer": "局", "issued": "2017-01-20"}
    cases = tuple(changed(case, with_document(number=case.number, **fields)) for case in base()[:2])
    assert of_screen("copies", cases) == []


def test_papers_with_the_same_titles_are_said_once_for_their_holders() -> None:
    def titled(dossier: Dossier) -> Dossier:
        fields = {"issuer": "本企业", "issued": "2017-01-20", "number": ""}
        return replace(dossier, evidence=tuple(replace(d, title=f"文件{i}", **fields) for i, d in enumerate(dossier.evidence)))

    [found] = of_screen("copies", tuple(changed(case, titled) for case in base()[:2]))
    assert (found.code, found.numbers) == ("copies_document_title", ("N000", "N001"))
    assert said(found)["documents"] == F(len(base()[0].dossier.evidence))
    assert said(found)["title"] == "文件0、文件1、文件10…"


def test_a_document_that_many_bring_is_taken_for_a_public_one() -> None:
    cases = (*(changed(case, with_document(sha256="cd" * 32)) for case in base()[:4]), *base()[4:])
    [found] = of_screen("copies", cases)
    assert (found.severity, found.innocent, said(found)["count"]) == (NOTE, "public_document", F(4))


# --- digits ---


def rewritten(dossier: Dossier, write: Callable[[str], str]) -> Dossier:
    """Every number of the tables written otherwise."""

    def cell(text: str) -> str:
        number, unit = split_quantity(text)
        return f"{write(number)} {unit}".strip() if number and unit else text

    def row(one: Row) -> Row:
        return Row(tuple((name, Cell(cell(c.text)) if name in ("quantity", "output", "output_value") else c) for name, c in one.declared))

    return replace(dossier, tables=tuple((name, replace(table, rows=tuple(map(row, table.rows)))) for name, table in dossier.tables))


def test_too_many_round_figures_are_found_with_their_counts() -> None:
    odd = changed(base()[5], lambda dossier: rewritten(dossier, lambda number: number.replace(".", "")[:3] + "00"))
    [found] = of_screen("digits", (*base()[:5], odd, *base()[6:]))
    assert (found.code, found.severity, found.numbers) == ("digits_round", LOOK, ("N005",))
    assert F(str(said(found)["seen"])) > F(3, 10) * F(str(said(found)["of"]))


def test_a_last_digit_that_comes_too_often_is_found() -> None:
    odd = changed(base()[5], lambda dossier: rewritten(dossier, lambda number: number[:-1] + "7"))
    [found] = of_screen("digits", (*base()[:5], odd, *base()[6:]))
    assert (found.code, said(found)["digit"], found.numbers) == ("digits_last", "7", ("N005",))


# --- jumps ---


def earlier(case: Case, year: int, change: Callable[[Dossier], Dossier]) -> Case:
    """The applicant's dossier of an earlier year (its months stay those of the sample, which the screen does not look at)."""
    before = changed(case, change)
    dossier = replace(before.dossier, year=year)
    return replace(before, dossier=dossier, round=f"{year + 1}Q3", number=f"{case.number}/{year}", day=f"{year + 1}-09-20")


def test_a_jump_against_the_own_earlier_dossier_is_named_with_both_values() -> None:
    history = (earlier(base()[2], 2015, with_input("building_floor_area", "12000.3 m2")),)
    found = {signal.items[0]: signal for signal in of_screen("jumps", base(), history)}
    jump = found["plot_ratio"]
    assert (jump.code, jump.numbers, said(jump)["earlier"], said(jump)["year"]) == ("jumps_up", ("N002",), "N002/2015", "2015")
    now, then = said(jump)["value"], said(jump)["before"]
    assert isinstance(now, Shown) and isinstance(then, Shown)
    assert isinstance(now.value, Fraction) and isinstance(then.value, Fraction)
    assert said(jump)["factor"] == now.value / then.value > 3
    assert jump.severity == STRONG
    assert set(found) == {"plot_ratio", "building_floor_area"}


def test_a_jump_to_the_applicants_loss_is_a_note() -> None:
    history = (earlier(base()[2], 2015, with_input("building_floor_area", "912000.3 m2")),)
    found = {signal.items[0]: signal for signal in of_screen("jumps", base(), history)}
    assert (found["plot_ratio"].code, found["plot_ratio"].severity) == ("jumps_down", NOTE)


def test_two_years_may_bring_twice_the_change() -> None:
    """2.1 is above 1.5 in one year and below 1.5 squared in two."""
    area = dict(base()[2].dossier.inputs)["building_floor_area"].declared
    assert area is not None
    number, unit = split_quantity(area.text)
    before = with_input("building_floor_area", f"{int(F(number) / F('2.1'))} {unit}")
    assert of_screen("jumps", base(), (earlier(base()[2], 2015, before),))
    assert of_screen("jumps", base(), (earlier(base()[2], 2014, before),)) == []


def test_a_slip_of_units_is_recognised() -> None:
    area = dict(base()[2].dossier.inputs)["waste_gas_generated"].declared
    assert area is not None
    number, unit = split_quantity(area.text)
    history = (earlier(base()[2], 2015, with_input("waste_gas_generated", f"{int(F(number) * 10)} {unit}")),)
    found = {signal.items[0]: signal for signal in of_screen("jumps", base(), history)}
    assert found["waste_gas_generated"].code == "jumps_slip"
    assert said(found["waste_gas_generated"])["slip"] == Names(("ten",))


def test_a_later_or_foreign_dossier_is_no_earlier_one() -> None:
    later = earlier(base()[2], 2017, with_input("building_floor_area", "12000.3 m2"))
    assert of_screen("jumps", base(), (later,)) == []


# --- evaluators ---


def verdict(case: Case, item: str, met: bool) -> Case:
    """The case with another verdict on one item, as an evaluator would have it."""

    def other(result: CriterionResult) -> CriterionResult:
        points = result.max if met else F(0)
        return result._replace(status=Status.MET if met else Status.NOT_MET, points=Interval(points, points))

    criteria = tuple(other(c) if c.id == item else c for c in case.assessment.criteria)
    return replace(case, assessment=replace(case.assessment, criteria=criteria))


ITEM = "management.social_report"


def test_a_lenient_evaluator_is_found_with_the_counts_of_both_sides() -> None:
    cases = tuple(verdict(case, ITEM, case.evaluator == "评1") for case in clean_round(40))
    found = [s for s in of_screen("lenient", cases) if s.code == "lenient_evaluator"]
    assert [(s.items, said(s)["name"]) for s in found] == [((ITEM,), "评1")]
    counts = {name: said(found[0])[name] for name in ("hits", "drawn", "other_hits", "others")}
    assert counts == {"hits": F(10), "drawn": F(10), "other_hits": F(0), "others": F(30)}
    chance = F(1, comb(40, 10)) * F(str(said(found[0])["tests"]))
    assert said(found[0])["chance"] == F(ceil(chance * 10**12), 10**12)
    assert F(str(said(found[0])["one_in"])) <= 1 / chance
    assert found[0].severity == STRONG
    assert found[0].numbers == tuple(case.number for case in cases if case.evaluator == "评1")


def test_an_evaluator_answers_for_what_stood_before_the_office_checked() -> None:
    """The office corrects all ten: the pattern is the evaluator's all the same."""
    cases = tuple(verdict(case, ITEM, case.evaluator == "评1") for case in clean_round(40))
    corrected = tuple(
        replace(verdict(case, ITEM, False), office=OfficeCheck(case.dossier, case.assessment, frozenset({ITEM}))) for case in cases
    )
    [found] = [s for s in of_screen("lenient", corrected) if s.code == "lenient_evaluator"]
    assert (found.items, said(found)["name"], said(found)["hits"]) == ((ITEM,), "评1", F(10))


def test_a_difference_that_chance_brings_about_is_not_told() -> None:
    """Six of ten against ten of thirty: one in nine by chance, before any correction."""
    hits = {"评1": 6, "评0": 4, "评2": 3, "评3": 3}
    seen: dict[str, int] = {}
    cases = []
    for case in clean_round(40):
        seen[case.evaluator] = seen.get(case.evaluator, 0) + 1
        cases.append(verdict(case, ITEM, seen[case.evaluator] <= hits[case.evaluator]))
    assert of_screen("lenient", tuple(cases)) == []


def test_who_never_cuts_a_self_assessment_is_told() -> None:
    def cut(case: Case) -> Case:
        own = case.self_assessment
        assert own is not None
        return replace(case, self_assessment=replace(own, criteria=tuple(_full(c) if c.id == ITEM else c for c in own.criteria)))

    cases = tuple(cut(verdict(case, ITEM, case.evaluator == "评1")) for case in clean_round(40))
    cases = tuple(replace(case, self_assessment=case.assessment) if case.evaluator == "评1" else case for case in cases)
    assert "lenient_uncut_evaluator" in {signal.code for signal in of_screen("lenient", cases)}


def _full(result: CriterionResult) -> CriterionResult:
    return result._replace(status=Status.MET, points=Interval(result.max, result.max))


def test_an_evaluator_with_few_cases_is_said_not_to_be_compared() -> None:
    cases = tuple(replace(case, evaluator="新" if i < 3 else case.evaluator) for i, case in enumerate(clean_round(40)))
    [found] = of_screen("lenient", cases)
    assert (found.code, found.severity, said(found)["names"]) == ("lenient_too_few_evaluator", NOTE, "新")


# --- the yearly limit ---


def heads(cases: tuple[Case, ...], head: Callable[[int], str]) -> tuple[Case, ...]:
    return tuple(
        replace(case, dossier=replace(case.dossier, assessor=replace(case.dossier.assessor, legal_representative=head(i))))
        for i, case in enumerate(cases)
    )


def test_a_body_over_its_limit_is_told_with_the_applications_beyond_it() -> None:
    cases = heads(tuple(replace(case, third_party="机构0", day=f"2017-09-{i + 1:02}") for i, case in enumerate(base())), lambda _: "")
    [found] = of_screen("yearly", cases, year_limit=16)
    assert (found.code, found.numbers, said(found)["count"]) == ("yearly_body", ("N016", "N017", "N018", "N019"), F(SIZE))


def test_at_the_limit_nothing_is_told() -> None:
    cases = heads(tuple(replace(case, third_party="机构0") for case in base()), lambda _: "")
    assert of_screen("yearly", cases, year_limit=SIZE) == []


def test_bodies_of_one_legal_representative_count_together_and_others_apart() -> None:
    """Two bodies with ten each."""
    assert [s.code for s in of_screen("yearly", heads(base(), lambda _: "顾"), year_limit=15)] == ["yearly_head"]
    assert of_screen("yearly", heads(base(), lambda i: "顾" if i % 2 else "钱"), year_limit=15) == []
    assert of_screen("yearly", heads(base(), lambda _: ""), year_limit=15) == []


def test_earlier_rounds_of_the_same_year_count_and_those_of_another_do_not() -> None:
    history = tuple(replace(case, round="2017Q1", day="2017-03-01") for case in base()[:6])
    cases = tuple(replace(case, third_party="机构0") for case in base()[6:18])
    own = tuple(replace(case, third_party="机构0") for case in history)
    [found] = of_screen("yearly", cases, own, year_limit=15)
    assert (said(found)["count"], said(found)["beyond"]) == (F(18), F(3))
    assert of_screen("yearly", cases, tuple(replace(case, day="2016-12-31") for case in own), year_limit=15) == []


# --- conflicts of interest ---


def related(**fields: str) -> Callable[[Dossier], Dossier]:
    return lambda dossier: replace(dossier, assessor=replace(dossier.assessor, **fields))


@pytest.mark.parametrize(
    ("fields", "code", "severity"),
    [
        ({"credit_code": "codea4"}, "conflict_code", STRONG),
        ({"organisation": "厂 a4"}, "conflict_name", STRONG),
        ({"legal_representative": "法a4"}, "conflict_head", STRONG),
        ({"address": "路 A4"}, "conflict_address", LOOK),
        ({"members": "甲、联a4、乙"}, "conflict_person", LOOK),
    ],
)
def test_what_ties_the_assessing_body_to_the_applicant_is_found(fields: dict[str, str], code: str, severity: str) -> None:
    case = replace(base()[4], dossier=related(**fields)(base()[4].dossier))
    found = of_screen("conflict", (*base()[:4], case, *base()[5:]))
    assert [(s.code, s.severity, s.numbers) for s in found] == [(code, severity, ("N004",))]


def test_the_same_telephone_number_is_found_however_it_is_written() -> None:
    number = base()[4].dossier.applicant.phone.replace("-", " ")
    case = replace(base()[4], dossier=related(lead_phone=f"（{number}）")(base()[4].dossier))
    assert [s.code for s in of_screen("conflict", (case,))] == ["conflict_phone"]


def test_a_reviewer_who_worked_for_the_applicant_is_found_by_a_known_tie() -> None:
    case = replace(base()[4], reviewers=("王五", "赵六"))
    ties = (Tie("赵六", "CODEa4", "2015 年任能源主管"), Tie("赵六", "CODEa5", "顾问"), Tie("孙七", "CODEa4", ""))
    [found] = of_screen("conflict", (*base()[:4], case, *base()[5:]), ties=ties)
    assert (found.code, found.numbers, said(found)["text"]) == ("conflict_tie", ("N004",), "赵六: 2015 年任能源主管")
