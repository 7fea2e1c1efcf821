"""The summary report of a round: how many of which kind and district came out how, the use of quotas, and the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus import Flowable

from engine.assess.results import Interval
from engine.assess.sentences import interval_text
from engine.problems import Problem
from engine.report.document import Furniture, build
from engine.report.flow import Para, space, under_heading
from engine.report.forms import ordinal
from engine.report.style import ACCENT, AMBER, BODY, GRID, MUTED, OUTCOME_COLOURS, OUTCOME_MARKS, RED, TABLE, TITLE, WIDTH
from engine.report.tables import Column, HeavyTable, Row
from engine.report.text import Rich, Span
from engine.texts import say
from engine.version import VERSION

OUTCOMES = ("eligible", "scored", "incomplete", "fails", "not_eligible", "")
"""How a dossier can come out; the last one is that it has not been assessed yet."""
_COUNT, _NAME = 62.0, 118.0
"""The width of a column of counts where there is room for it, and what the names before them need."""
_NARROW = 32.0


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """One dossier of a round: names as they print; ``rank`` and ``chosen`` are None where nobody ranked or chose."""

    dossier: str
    applicant: str
    kind: str
    district: str
    outcome: str
    tier: str = ""
    score: Interval | None = None
    settled: bool = True
    provisional: bool = False
    rank: int | None = None
    chosen: bool | None = None


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """How many places of a quota are taken; ``places`` is None where there is no limit."""

    name: str
    taken: int
    places: int | None


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """What the report of a round says; ``day`` is ISO text."""

    title: str
    scheme: str
    issuer: str
    day: str
    entries: tuple[RoundEntry, ...]
    quotas: tuple[QuotaUse, ...] = ()

    def counts(self, by: str) -> dict[str, Counter[str]]:
        """How many came out how, by a field of the entries (``kind``, ``district``), in the order in which they come."""
        found: dict[str, Counter[str]] = {}
        for entry in self.entries:
            found.setdefault(str(getattr(entry, by)), Counter())[entry.outcome] += 1
        return found


def round_summary_bytes(summary: RoundSummary, lang: str = "zh") -> tuple[bytes, list[Problem]]:
    """The report as a PDF, byte for byte the same for the same summary, and a warning for each character that the fonts lack."""
    return build(_story(summary, lang), _furniture(summary, lang))


def _story(summary: RoundSummary, lang: str) -> list[Flowable]:
    provisional = sum(entry.provisional for entry in summary.entries)
    open_ = sum(bool(entry.outcome) and not entry.settled for entry in summary.entries)
    story: list[Flowable] = [
        Para(Span(summary.scheme, colour=MUTED), TABLE, after=GRID),
        Para(Span(summary.title, bold=True, colour=ACCENT), TITLE, after=GRID),
        Para(Span(f"{summary.issuer}　{summary.day}", colour=MUTED), BODY, after=3 * GRID),
        Para(say("report.round.intro", lang, count=len(summary.entries), open=open_, provisional=provisional)),
        space(2),
    ]
    parts: list[tuple[str, list[Flowable]]] = [
        (key, [_counts(summary.counts(key), say(f"report.round.{key}", lang), lang)]) for key in ("kind", "district")
    ]
    if summary.quotas:
        parts.append(("quotas", [_quotas(summary.quotas, lang)]))
    parts.append(("list", [_list(summary, lang)]))
    for number, (key, body) in enumerate(parts, 1):
        title = say("report.section", lang, ordinal=ordinal(number, lang), title=say(f"report.round.by_{key}", lang))
        story += under_heading(title, 1, [*body, space(2)])
    return story


def _counts(found: dict[str, Counter[str]], head: str, lang: str) -> HeavyTable:
    shown = [outcome for outcome in OUTCOMES if any(counts[outcome] for counts in found.values())]
    width = min(_COUNT, (WIDTH - _NAME) / (len(shown) + 1))
    columns = [
        Column(head, WIDTH - width * (len(shown) + 1)),
        *(Column(outcome_word(outcome, lang), width, "right") for outcome in shown),
        Column(say("report.round.all", lang), width, "right"),
    ]
    rows = [Row((name or "—", *_numbers(counts, shown))) for name, counts in found.items()]
    whole: Counter[str] = sum(found.values(), Counter())
    rows.append(Row((say("report.round.sum", lang), *_numbers(whole, shown)), kind="subtotal"))
    return HeavyTable(columns, rows)


def _numbers(counts: Counter[str], shown: Sequence[str]) -> tuple[Rich, ...]:
    cells: list[Rich] = [str(counts[outcome]) if counts[outcome] else Span("—", colour=MUTED) for outcome in shown]
    return (*cells, str(sum(counts.values())))


def _quotas(quotas: Sequence[QuotaUse], lang: str) -> HeavyTable:
    columns = [
        Column(say("report.round.quota", lang), WIDTH - 3 * 90),
        *(Column(say(f"report.round.{key}", lang), 90, "right") for key in ("places", "taken", "left")),
    ]
    rows = []
    for quota in quotas:
        left = "—" if quota.places is None else str(quota.places - quota.taken)
        over = quota.places is not None and quota.taken > quota.places
        places = say("report.round.no_limit", lang) if quota.places is None else str(quota.places)
        rows.append(Row((quota.name, places, str(quota.taken), Span(left, bold=over, colour=RED) if over else left)))
    return HeavyTable(columns, rows)


def _list(summary: RoundSummary, lang: str) -> HeavyTable:
    ranked = any(entry.rank is not None for entry in summary.entries)
    chosen = any(entry.chosen is not None for entry in summary.entries)
    widths = {"dossier": 62.0, "kind": 48.0, "district": 44.0, "outcome": 82.0, "score": 62.0}
    taken = sum(widths.values()) + (_NARROW if ranked else 0) + (_NARROW if chosen else 0)
    columns = [
        *([Column(say("report.round.rank", lang), _NARROW, "right")] if ranked else []),
        Column(say("report.round.dossier", lang), widths["dossier"]),
        Column(say("report.round.applicant", lang), WIDTH - taken),
        *(Column(say(f"report.round.{key}", lang), widths[key], "right" if key == "score" else "left") for key in list(widths)[1:]),
        *([Column(say("report.round.chosen", lang), _NARROW)] if chosen else []),
    ]
    return HeavyTable(columns, [_entry(entry, lang, ranked, chosen) for entry in summary.entries])


def _entry(entry: RoundEntry, lang: str, ranked: bool, chosen: bool) -> Row:
    colour = OUTCOME_COLOURS.get(entry.outcome, MUTED)
    outcome = [Span(outcome_word(entry.outcome, lang), bold=True, colour=colour)]
    outcome = [Span("", colour=colour, mark=OUTCOME_MARKS[entry.outcome]), *outcome] if entry.outcome else outcome
    outcome += [Span(f"\n{entry.tier}", colour=MUTED)] if entry.tier else []
    outcome += [Span("\n" + say("report.round.open", lang), colour=AMBER)] if entry.outcome and not entry.settled else []
    outcome += [Span("\n" + say("report.head_provisional", lang), colour=AMBER)] if entry.provisional else []
    score = interval_text(entry.score, lang=lang) if entry.score is not None else "—"
    choice = {True: "chosen_yes", False: "chosen_no", None: ""}[entry.chosen]
    cells: list[Rich] = [str(entry.rank) if entry.rank is not None else "—"] if ranked else []
    cells += [entry.dossier, Span(entry.applicant, bold=True), entry.kind, entry.district or "—", tuple(outcome), score]
    cells += [say(f"report.round.{choice}", lang) if choice else "—"] if chosen else []
    return Row(tuple(cells))


def outcome_word(outcome: str, lang: str) -> str:
    """An outcome as it stands by itself in a cell; that there is none yet where it is empty."""
    word = say(f"statuses.outcome.{outcome}" if outcome else "report.round.not_run", lang)
    return word[:1].upper() + word[1:]


def _furniture(summary: RoundSummary, lang: str) -> Furniture:
    return Furniture(
        lang=lang,
        title=summary.title,
        author=summary.issuer,
        subject=summary.scheme,
        keywords=f"{summary.day}; {len(summary.entries)}",
        creator=f"greencert {VERSION}",
        head_left=summary.title,
        head_right=summary.day,
        warning="",
        foot=summary.title,
    )
