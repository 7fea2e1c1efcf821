"""Lints of a library as a whole: the validity of editions and programmes against each other.

A day that is not known stays null and is reported as a note: it is nobody's mistake, and never filled.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from pathlib import Path

from engine.problems import Problem, ProblemList
from engine.ruleset.editions import Edition, Editions, Use, read_editions
from engine.ruleset.schema import Validity
from engine.ruleset.validity import Span


def lint_library(rulesets: Path | None = None) -> list[Problem]:
    """What is wrong between the rulesets of a library; files that cannot be read are left to their own lint."""
    editions = read_editions(ProblemList(), rulesets)
    return lint_editions(editions)


def lint_editions(editions: Editions) -> list[Problem]:
    """Overlaps and gaps between editions, successors that are not there, programmes outside their standard's validity."""
    problems = ProblemList()
    for edition in editions.standards.values():
        _succession(edition, editions, problems)
    for use in editions.uses:
        _inside_standard(use, editions, problems)
    for one, other in combinations(editions.uses, 2):
        _apart(one, other, problems)
    return list(problems)


def _succession(edition: Edition, editions: Editions, problems: ProblemList) -> None:
    """A standard's end against the beginnings of those that follow: neither a day with both nor one with neither."""
    standard = edition.standard
    if standard.in_force.since is None:
        problems.note("validity_start_unknown", edition.where("in_force"), name=standard.ruleset)
    if standard.superseded_by is None:
        return
    successor = editions.standards.get(standard.superseded_by)
    where = edition.where("superseded_by")
    if successor is None:
        problems.error("successor_unknown", where, name=standard.superseded_by)
        return
    if successor.standard.kind != standard.kind:
        problems.error("successor_kind", where, name=standard.superseded_by, kind=successor.standard.kind, own=standard.kind)
        return
    later = list(editions.successors(standard.ruleset))
    if standard.ruleset in (standard.superseded_by, *(follower.standard.superseded_by for follower in later)):
        problems.error("successor_cycle", where, name=standard.ruleset)
        return
    end = standard.in_force.span.end
    if end is None:
        problems.note("validity_end_unknown", edition.where("in_force"), name=standard.ruleset, by=standard.superseded_by)
        return
    place = edition.where("in_force", "until")
    for follower in later:
        begin, name = follower.standard.in_force.span.begin, follower.standard.ruleset
        since, until = follower.standard.in_force.since, standard.in_force.until
        if begin is not None and begin <= end:
            problems.error("validity_overlap", place, name=standard.ruleset, until=until, by=name, since=since)
        elif begin is not None and follower is later[0] and begin > end + timedelta(days=1):
            problems.error("validity_gap", place, name=standard.ruleset, until=until, by=name, since=since)


def _inside_standard(use: Use, editions: Editions, problems: ProblemList) -> None:
    """A programme is in force only while its standard is."""
    name, programme = use.scheme.scheme, use.programme
    if programme.in_force.since is None:
        problems.note("validity_start_unknown", use.where("in_force"), name=f"{name} → {programme.standard}")
    edition = editions.standards.get(programme.standard)
    if edition is None:
        return  # reported where the scheme is linted
    own, standard = programme.in_force.span, edition.standard.in_force.span
    early = own.begin is not None and standard.begin is not None and own.begin < standard.begin
    late = standard.end is not None and (own.end is None or own.end > standard.end)
    if early or late:
        shown = {"own": _shown(programme.in_force), "inside": _shown(edition.standard.in_force)}
        problems.error("programme_outlives", use.where("in_force"), name=name, standard=programme.standard, **shown)


def _shown(validity: Validity) -> str:
    return f"{validity.since or '—'} … {validity.until or '—'}"


def _apart(one: Use, other: Use, problems: ProblemList) -> None:
    """A scheme has one programme for a standard on a day, unless they are for different industries or districts."""
    same = one.scheme is other.scheme and one.programme.standard == other.programme.standard
    if not same or not _meet(one.programme.in_force.span, other.programme.in_force.span):
        return
    mine, yours = one.programme.applies, other.programme.applies
    sectors = not mine.sectors or not yours.sectors or any(a.startswith(b) or b.startswith(a) for a in mine.sectors for b in yours.sectors)
    districts = not mine.districts or not yours.districts or bool(set(mine.districts) & set(yours.districts))
    if sectors and districts:
        problems.error("programmes_overlap", other.where("in_force"), name=one.scheme.scheme, standard=one.programme.standard)


def _meet(one: Span, other: Span) -> bool:
    """Whether two spans are sure to have a day in common; a beginning that is not known is not taken for one."""
    if one.begin is None or other.begin is None:
        return False
    return (one.end is None or other.begin <= one.end) and (other.end is None or one.begin <= other.end)
