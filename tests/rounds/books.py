"""A round as its papers read it: real assessments of the samples, and invented applications around them."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from functools import cache

import engine
from engine.assess.results import Interval
from engine.problems import Problem, ProblemList, Severity, Where
from engine.rounds.book import (
    ACCEPTED,
    CERTIFY,
    DECLINE,
    DUPLICATE,
    OUTSIDE,
    REFUSED,
    REPLACED,
    RESERVE,
    WITHIN,
    Application,
    Frozen,
    Issued,
    Objection,
    Quota,
    Recheck,
    RoundBook,
    Submission,
)
from engine.rounds.names import Names, names_of
from engine.rounds.sender import Route, Sender
from tests.samples.results import assess, dossier, main_basis, own_programme

SENDER = Sender(
    office="嘉兴示例绿色制造工作办公室（虚构）",
    day="2017-12-20",
    place="嘉兴",
    contact="联系人：示例　电话：0573-00000000",
    objection=Route(to="示例办公室", days=15, document="《示例管理办法》第九条"),
    appeal=Route(to="示例领导小组", days=30),
)
LONG = "嘉兴示例" + "绿色智能制造与资源循环综合利用" * 5 + "股份有限公司（虚构）"
FORMULA = '=HYPERLINK("http://example.invalid","点我")'
SAMPLES = (
    "dyeing_mill",
    "polyester_filament",
    "leather",
    "paper_mill",
    "park_three_years",
    "supply_chain",
    "electroplating_cp",
    "baby_wear",
    "silk_dyeing",
)


@cache
def assessed(name: str) -> Application:
    """A sample as an application with its real result, undecided."""
    given, made, programme = dossier(name), assess(name, main_basis(name)), own_programme(name)
    found = made.determination
    return Application(
        number=f"JX-{name.upper()[:6]}",
        credit_code=given.applicant.credit_code,
        name=given.applicant.name,
        kind=given.kind,
        standard=programme.ruleset_identity.id,
        district=given.applicant.district,
        industry=given.applicant.industry,
        state="assessed",
        version=1,
        dossier_id=given.id,
        dossier_sha256=given.sha256,
        third_party=given.assessor.organisation,
        result=json.loads(engine.assessment_json(made, programme)),
        outcome=found.outcome,
        tier=found.tier or "",
        settled=found.settled,
        provisional=found.provisional,
        score=made.score,
        report_sha256="ab" * 32,
        products=given.applicant.products,
    )


def _ranked(name: str, rank: int, place: str, decision: str, **changes: object) -> Application:
    return replace(assessed(name), rank=rank, place=place, decision=decision, ranked_by="score", **changes)  # type: ignore[arg-type]


def _applications() -> tuple[Application, ...]:
    valid = Issued("JX-GF-2017-0001", "2017-12-15", "2020-12-14")
    objection = Objection("某邻居（虚构）", "2017-12-05", "夜间有气味", False, "经现场核查不成立", "王示例", "2017-12-12")
    recheck = Recheck("management.energy_certified", "", "yes", "no", "证书已过期", "李示例", "2017-11-20")
    waiting = replace(assessed("dyeing_mill"), result=None, outcome="", score=None, settled=False, provisional=False, state="accepted")
    return (
        _ranked("dyeing_mill", 1, WITHIN, CERTIFY, certificate=valid, objections=(objection,), reviewers=("王示例", "李示例")),
        _ranked("polyester_filament", 2, RESERVE, DECLINE, reason="名额已用完", rechecks=(recheck,)),
        replace(assessed("leather"), place=OUTSIDE, decision=DECLINE, reason="基本要求不符合"),
        assessed("paper_mill"),
        _ranked("park_three_years", 1, WITHIN, CERTIFY, certificate=Issued("JX-GP-2017-0001", "2017-12-15", "2020-12-14")),
        _ranked("supply_chain", 1, WITHIN, CERTIFY, objections=(Objection("甲（虚构）", "2017-12-06", "未公示完"),)),
        _ranked("electroplating_cp", 1, WITHIN, CERTIFY, certificate=Issued("JX-CP-2017-0001", "2017-12-15", "", "withdrawn")),
        _ranked("baby_wear", 1, WITHIN, CERTIFY, certificate=Issued("JX-PR-2017-0001", "2017-12-15", "2020-12-14")),
        assessed("silk_dyeing"),
        replace(waiting, number="JX-WAIT", name="海盐示例待评厂（虚构）", district="haiyan"),
        replace(waiting, number="JX-LONG", name=LONG, district="nanhu"),
        replace(waiting, number="JX-ODD", name=FORMULA, district="port", products="+1", third_party="@示例"),
    )


def _problems() -> tuple[Problem, ...]:
    problems = ProblemList()
    problems.error("key_unknown", Where("申报.yaml", line=7, path="applicant.nmae"), key="nmae", suggestion="name")
    problems.error("key_missing", Where("申报.yaml", line=3, path="dossier"), key="year", element="dossier")
    problems.warning("glyph_missing", Where("申报.yaml", line=9), char="\U0001f600", codepoint="U+1F600", text="甲\U0001f600")
    return tuple(problems)


def many_problems(count: int) -> tuple[Problem, ...]:
    """So many errors, each at its own line."""
    return tuple(
        Problem("key_unknown", Severity.ERROR, Where("申报.yaml", line=i, path=f"inputs.x{i}"), (("key", f"x{i}"), ("suggestion", "y")))
        for i in range(1, count + 1)
    )


@cache
def book() -> RoundBook:
    """Twelve applications of five kinds, five files handed in."""
    applications = _applications()
    first = applications[0]
    submissions = (
        Submission("a.zip", "11" * 32, "2017-09-20", ACCEPTED, first.name, first.credit_code, first.number, 1),
        Submission("a (2).zip", "11" * 32, "2017-09-21", DUPLICATE, first.name, first.credit_code, first.number, 1),
        Submission("a v2.zip", "22" * 32, "2017-09-22", REPLACED, first.name, first.credit_code, first.number, 2),
        Submission("申报.yaml", "33" * 32, "2017-09-23", REFUSED, "嘉兴示例退件厂（虚构）", problems=_problems()),
        Submission("=cmd.xlsx", "44" * 32, "2017-09-24", REFUSED, problems=many_problems(30)),
    )
    frozen = {(a.kind, a.standard): a for a in applications if a.result}
    programmes = tuple(_frozen(application) for _, application in sorted(frozen.items()))
    quotas = (
        Quota("green_factory", "xiuzhou", 1),
        Quota("green_factory", "tongxiang", 0),
        Quota("green_factory", "haining", 2),
        Quota("green_park", "haining", None),
    )
    return RoundBook("2017Q3", "jiaxing_2017", "issued", "2017-09-01", "2017-12-16", programmes, applications, submissions, quotas)


def _frozen(application: Application) -> Frozen:
    result = application.result
    assert result is not None
    ruleset, scheme = result["assessment"]["ruleset"], result["assessment"]["scheme"]
    return Frozen(
        application.kind,
        application.standard,
        ruleset["id"],
        ruleset["version"],
        ruleset["sha256"],
        scheme["id"],
        scheme["version"],
        scheme["sha256"],
    )


EMPTY = RoundBook("2018Q1", "jiaxing_2017", "open", "2018-01-01", "2018-01-01", (), ())


@cache
def names() -> Names:
    """What the codes of the book are called."""
    programmes = {own_programme(name).ruleset_identity.id: own_programme(name) for name in SAMPLES}
    return names_of(programmes.values(), {"assessed": ("已评价", "assessed")}, {"score": ("得分", "score")})


def application(number: str) -> Application:
    """An application of the book by the end of its number."""
    return next(found for found in book().applications if found.number.endswith(number))


def point(text: str) -> Interval:
    """A score that is known."""
    return Interval(Fraction(text), Fraction(text))
