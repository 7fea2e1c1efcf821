"""The road from a bound dossier to its assessment: indicators, gates, criteria, groups, score, inference, determination."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from engine.assess.basis import GROUPS, BasisRun
from engine.assess.cautions import cautions
from engine.assess.determine import determine
from engine.assess.evidence import EvidenceBook
from engine.assess.facts import FactBook
from engine.assess.inference import infer
from engine.assess.membership import assess_levels, deciding
from engine.assess.physics.run import run_checks
from engine.assess.results import (
    Assessment,
    CriterionResult,
    EvidenceUsed,
    FigureUsed,
    GateResult,
    IndicatorResult,
    Interval,
    Judged,
    Origin,
    Reason,
    Status,
    YearResult,
)
from engine.assess.score import Score, score
from engine.assess.standing import standing_of
from engine.assess.verdicts import NOTHING, Verdict
from engine.assess.years import year_result
from engine.dossier.bind import Bound, bind
from engine.dossier.schema import Dossier
from engine.language import Env
from engine.problems import Problem, ProblemList
from engine.ruleset.compile import Compiled, compiled
from engine.ruleset.listing import mark_figure, policy_figure, reading_figures
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion, Gate
from engine.version import VERSION

ZERO = Fraction(0)
CLOSABLE = frozenset(
    {
        "missing_value",
        "missing_rows",
        "not_verified",
        "missing_answer",
        "missing_evidence",
        "evidence_expired",
        "na_refused",
        "no_basis",
        "reporting_limit",
    }
)
"""What closing an assessment turns into "not supplied, so not met"; unknown benchmarks and pending judgements stay open."""


def assess_dossier(programme: Programme, dossier: Dossier, basis: str = "declared", *, close: bool | None = None) -> Assessment:
    """Assess a dossier under a programme on one basis (``declared`` or ``verified``), as of its application date.

    ``close`` turns what was asked and not supplied into not met (verified basis only; by default as the dossier says).
    The checks of what the dossier states are run too. Raises Refused where the dossier does not fit the programme.
    """
    problems = ProblemList()
    bound = bind(dossier, programme, problems)
    problems.refuse_if_errors()
    return replace(assess_bound(bound, basis, close=close, problems=tuple(problems)), checks=run_checks(bound, basis))


def assess_bound(
    bound: Bound,
    basis: str = "declared",
    *,
    close: bool | None = None,
    evidence_given: bool = False,
    overrides: Mapping[str, Fraction] | None = None,
    problems: tuple[Problem, ...] = (),
    like: BasisRun | None = None,
) -> Assessment:
    """Assess a dossier that is bound already; see :func:`assess_dossier`. Its checks are not run: see :func:`run_checks`.

    ``evidence_given`` takes all evidence as brought and ``overrides`` sets indicators: what examples of single rules need.
    ``like`` is a run of a dossier that differs in little, as in :func:`judge_items`: the other basis is not looked at then.
    """
    dossier, programme = bound.dossier, bound.programme
    ready = compiled(programme)
    closed = basis == "verified" and (dossier.closed if close is None else close)
    main = BasisRun(ready, bound, basis, overrides or {}, like)
    other = None
    if like is None and (bound.has_verified or basis == "verified"):
        other = BasisRun(ready, bound, "declared" if basis == "verified" else "verified", overrides or {}, like=main)
    assembly = _Assembly(ready, bound, main, other, EvidenceBook(dossier, dossier.application_date), closed, evidence_given)
    gates = tuple(assembly.gate(gate) for gate in programme.gates.values())
    criteria = tuple(assembly.criterion(criterion) for criterion in programme.criteria.values())
    levels = assess_levels(ready, criteria, main.env) if programme.levels else None
    criteria = levels.criteria if levels else criteria
    scored = levels.score if levels else score(programme, criteria)
    reached = levels.results if levels else ()
    judged: tuple[Judged, ...] = (*gates, *criteria)
    years = _years(assembly, scored, criteria, overrides or {}) if programme.standard.years > 1 else ()
    statuses = {result.id: result.status.value for result in judged}
    env = Env(main.env.values, main.env.tables, main.env.lookup, statuses.__getitem__, main.env.year)
    findings = infer(ready, env, FactBook(main))
    policies = (*_policies(programme, scored), *(levels.policies if levels else ()))
    standing = standing_of(ready, gates, criteria, policies, dossier.application_date)
    return Assessment(
        id=f"{dossier.id}/{programme.scheme_identity.id}/{basis}",
        basis=basis,
        as_of=dossier.application_date,
        closed=closed,
        engine_version=VERSION,
        ruleset=programme.ruleset_identity,
        scheme=programme.scheme_identity,
        dossier=Origin(dossier.id, "", bound.sha256),
        determination=determine(programme, gates, criteria, findings, scored.total, years, reached, provisional=bool(standing.unattested)),
        score=scored.total,
        score_max=scored.max,
        years=years,
        levels=reached,
        mark=deciding(levels.results).mark if levels else programme.mark.value,
        gates=gates,
        dimensions=scored.dimensions,
        criteria=criteria,
        indicators=assembly.indicators(),
        findings=findings,
        unattested=standing.unattested,
        attested=standing.attested,
        policies=policies,
        problems=(*dossier.warnings, *problems, *cautions(main, criteria)),
    )


def judge_items(
    bound: Bound, names: Iterable[str], basis: str = "declared", *, close: bool | None = None, like: BasisRun | None = None
) -> dict[str, Verdict]:
    """The final verdicts of some gates and criteria alone: what trying out one change after another needs.

    ``like`` is a run of a dossier that differs in little: what does not depend on the differences is taken over from it.
    """
    programme = bound.programme
    ready = compiled(programme)
    closed = basis == "verified" and (bound.dossier.closed if close is None else close)
    run = BasisRun(ready, bound, basis, {}, like=like)
    assembly = _Assembly(ready, bound, run, None, EvidenceBook(bound.dossier, bound.dossier.application_date), closed, False)
    demands: dict[str, Gate | Criterion] = {**programme.gates, **programme.criteria}
    return {name: assembly.final(name, demands[name], run)[0] for name in names}


def _years(
    assembly: _Assembly, latest: Score, criteria: tuple[CriterionResult, ...], overrides: Mapping[str, Fraction]
) -> tuple[YearResult, ...]:
    """Every scored year by itself, the earliest first; the statistics year is the one that was assessed already."""
    ready, bound, main = assembly.ready, assembly.bound, assembly.main
    found = [year_result(main, latest, criteria)]
    for back in range(1, assembly.programme.standard.years):
        run = BasisRun(ready, bound, main.basis, overrides, back=back)
        other = None if assembly.other is None else BasisRun(ready, bound, assembly.other.basis, overrides, like=run, back=back)
        earlier = _Assembly(ready, bound, run, other, assembly.book, assembly.closed, assembly.evidence_given)
        results = tuple(earlier.criterion(criterion) for criterion in assembly.programme.criteria.values())
        found.append(year_result(run, score(assembly.programme, results), results))
    return tuple(reversed(found))


class _Assembly:
    """Verdicts of both bases put together into results."""

    def __init__(
        self,
        ready: Compiled,
        bound: Bound,
        main: BasisRun,
        other: BasisRun | None,
        book: EvidenceBook,
        closed: bool,
        evidence_given: bool,
    ) -> None:
        self.ready, self.bound, self.main, self.other, self.book = ready, bound, main, other, book
        self.programme = bound.programme
        self.closed, self.evidence_given = closed, evidence_given
        self.verdicts: dict[tuple[str, str], tuple[Verdict, tuple[EvidenceUsed, ...]]] = {}

    def gate(self, gate: Gate) -> GateResult:
        """A gate's verdict on the assessment's basis, with the other basis beside it."""
        name = gate.gate
        verdict, evidence = self.final(name, gate, self.main)
        declared, verified = self.both(name, gate, verdict)
        return GateResult(
            id=name,
            number=gate.number or "",
            clause=gate.clause,
            status=verdict.status,
            reason=verdict.reason,
            declared=declared.value,
            verified=verified.value if verified else None,
            evidence=evidence,
            remark=self.main.remarks.get(name, ""),
            local=name in self.programme.local,
            figures=(*self.ready.figures_of[name], *self.main.figures_behind(name)),
        )

    def criterion(self, criterion: Criterion) -> CriterionResult:
        """A criterion's verdict on the assessment's basis, with the other basis beside it."""
        name = criterion.criterion
        verdict, evidence = self.final(name, criterion, self.main)
        declared, verified = self.both(name, criterion, verdict)
        return CriterionResult(
            id=name,
            number=criterion.number or "",
            clause=criterion.clause,
            status=verdict.status,
            reason=verdict.reason,
            declared=declared.value,
            verified=verified.value if verified else None,
            evidence=evidence,
            remark=self.main.remarks.get(name, ""),
            local=name in self.programme.local,
            figures=(*self.ready.figures_of[name], *self.main.figures_behind(name)),
            dimension=criterion.dimension,
            kind=criterion.kind,
            method=criterion.method.method,
            points=verdict.points,
            max=self.programme.points_of(name),
            effect=_effect(declared, verified),
            limits=verdict.limits,
            level=verdict.level,
            indicators=self.ready.indicators_of[name],
        )

    def both(self, name: str, demand: Gate | Criterion, verdict: Verdict) -> tuple[Verdict, Verdict | None]:
        """The verdicts on what was declared and, where an assessor entered anything, on what was verified."""
        if self.other is None:
            return verdict, None
        same = not self.closed and not isinstance(demand.method, GROUPS) and not self.other.differs(name)
        beside = verdict if same else self.final(name, demand, self.other)[0]
        return (beside, verdict) if self.main.basis == "verified" else (verdict, beside)

    def final(self, name: str, demand: Gate | Criterion, run: BasisRun) -> tuple[Verdict, tuple[EvidenceUsed, ...]]:
        """The verdict once evidence has been looked at and, in a closed assessment, what is missing counts as not met.

        Beside it the documents brought for the item, or for the values it is computed from.
        """
        key = (name, run.basis)
        found = self.verdicts.get(key)
        if found is None:
            evidence = self.book.brought(name, self.ready.proven_by[name])
            verdict = run.verdict(name, demand, self.member)
            verdict = self.with_evidence(name, verdict, demand, evidence)
            found = self.verdicts[key] = (self.when_closed(verdict, run), evidence)
        return found

    def member(self, name: str, run: BasisRun) -> Verdict:
        """The final verdict of a group's member."""
        return self.final(name, self.programme.criteria[name], run)[0]

    def with_evidence(self, name: str, verdict: Verdict, demand: Gate | Criterion, evidence: Sequence[EvidenceUsed]) -> Verdict:
        """Nothing counts in the applicant's favour without a valid document; what fails, fails without one."""
        favourable = verdict.status is Status.MET or verdict.points.low.numerator > 0
        if not favourable or self.evidence_given or not demand.evidence:
            return verdict
        for document in evidence:
            if document.counted:
                return verdict
        code = "evidence_expired" if evidence else "missing_evidence"
        names = ", ".join(e.id for e in evidence)
        most = verdict.points.high if verdict.points.high is None else max(verdict.points.high, self.main.most.get(name, Fraction(0)))
        return verdict._replace(status=Status.UNDETERMINED, reason=Reason(code, (("evidence", names),)), points=Interval(Fraction(0), most))

    def when_closed(self, verdict: Verdict, run: BasisRun) -> Verdict:
        if not self.closed or run.basis != "verified" or verdict.status is not Status.UNDETERMINED:
            return verdict
        codes = {verdict.reason.code, *(cause.code for cause in verdict.causes)}
        if not codes & CLOSABLE:
            return verdict
        return verdict._replace(status=Status.NOT_MET, reason=Reason("not_supplied", (("because", verdict.reason),)), points=NOTHING)

    def indicators(self) -> tuple[IndicatorResult, ...]:
        """Every indicator that something is known of, with the inputs it was computed from."""
        return tuple(result for name in self.programme.indicators if (result := self.indicator(name)) is not None)

    def indicator(self, name: str) -> IndicatorResult | None:
        value = self.main.indicator(name)
        reason, inputs = self.main.derivation(name)
        if value.value is None and all(shown.value is None for _, shown in inputs) and not self.main.has_rows(name):
            return None
        definition = self.programme.indicators[name]
        beside = value if self.other is None or not self.other.differs(name) else self.other.indicator(name)
        declared, verified = (beside, value) if self.main.basis == "verified" else (value, beside if self.other else None)
        return IndicatorResult(
            id=name,
            number=definition.number or "",
            clause=definition.clause,
            formula=definition.formula,
            value=value,
            declared=declared,
            verified=verified,
            reason=reason,
            inputs=inputs,
            local=name in self.programme.local,
            figures=(*self.ready.figures_of[name], *self.main.figures_behind(name)),
        )


def _effect(declared: Verdict, verified: Verdict | None) -> Fraction | None:
    """Points gained or lost by verification; None where nothing was verified."""
    if verified is None:
        return None
    return ZERO if verified is declared else verified.points.low - declared.points.low


def _policies(programme: Programme, scored: Score) -> tuple[FigureUsed, ...]:
    """What acted on this result by choice: the standard's readings, the handling of "not applicable", the mark where there is one."""
    acted = reading_figures(programme)
    if scored.renormalised:
        acted.append(policy_figure(programme, "na_policy", programme.settings.na_policy))
    if programme.mark.text is not None:
        acted.append(mark_figure(programme))
    return tuple(acted)
