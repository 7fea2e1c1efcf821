"""Whatever happens in whatever order: laws that hold of every history and of every calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rounds.surveillance import Certificate, Document, Event, History, Move, Phase, State, calendar, history, in_order, state_on
from engine.rounds.surveillance.days import add_months, on
from engine.rounds.surveillance.machine import IN_FORCE
from engine.rounds.surveillance.walk import _Walk
from tests.rounds.surveillance.made import EVERY_3_YEARS, LATE, SUSPEND, TOO_LONG, WARN, WITHDRAW, YEARLY, certificate, event, rule, rules

UNKNOWN = rule("unknown", {"event": {"kind": "dishonest"}}, "suspend", notice_days=None, appeal_days=None)
TWICE = rule(
    "twice", {"event": {"kind": "penalty", "count": "2", "within_months": "12"}}, "suspend", lasts_months="2", lifted_by=["corrected"]
)
THREE = rule("three", {"consecutive": {"kind": "ranked_lowest", "years": "3"}}, "withdraw")
RULES = rules(WARN, SUSPEND, WITHDRAW, LATE, TOO_LONG, UNKNOWN, TWICE, THREE, duties=[YEARLY, EVERY_3_YEARS])

DAYS = st.dates(date(2019, 12, 20), date(2020, 4, 20)).map(date.isoformat)
KINDS = [
    "penalty",
    "inspection_open",
    "false_data",
    "dishonest",
    "corrected",
    "appeal",
    "appeal_upheld",
    "appeal_rejected",
    "put_in_effect",
]
MORE = {"penalty": {"penalty": "fine"}}


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from([*KINDS, *KINDS, "annual_update", "ranked_lowest", "reevaluation_result"]))
    day = draw(DAYS)
    more: dict[str, object] = dict(MORE.get(kind, {}))
    if kind in ("annual_update", "ranked_lowest"):
        more["year"] = draw(st.sampled_from([2018, 2019, 2020]))
    if kind == "reevaluation_result":
        more["result"] = draw(st.sampled_from(["passed", "failed"]))
    return event(day, kind, **more)


MANY = st.lists(events(), max_size=12)
HOLDERS = st.sampled_from([certificate(), certificate(until="2020-02-29"), certificate("2017-02-28", "2020-02-27"), certificate(until="")])


@given(HOLDERS, MANY, st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(holder: Certificate, given_events: list[Event], shuffle: object) -> None:
    other = list(given_events)
    shuffle.shuffle(other)  # type: ignore[attr-defined]
    assert history(holder, given_events, RULES, "2020-12-31") == history(holder, other, RULES, "2020-12-31")


@given(HOLDERS, MANY)
def test_a_withdrawn_certificate_comes_back_by_an_upheld_appeal_only(holder: Certificate, given_events: list[Event]) -> None:
    for step in history(holder, given_events, RULES, "2020-12-31").steps:
        if step.before is State.WITHDRAWN and step.after is not State.WITHDRAWN:
            assert step.move is Move.RESTORE
            assert any(each.kind == "appeal_upheld" and each.day == step.day.isoformat() for each in given_events)


@given(HOLDERS, MANY)
def test_nothing_comes_back_from_the_end_of_the_term(holder: Certificate, given_events: list[Event]) -> None:
    assert all(step.before is not State.EXPIRED for step in history(holder, given_events, RULES, "2020-12-31").steps)


@given(HOLDERS, MANY)
def test_the_state_is_the_gravest_measure_in_force(holder: Certificate, given_events: list[Event]) -> None:
    told = history(holder, given_events, RULES, "2020-12-31")
    order = ["valid", "warned", "suspended", "withdrawn"]
    named = {"warn": "warned", "suspend": "suspended", "withdraw": "withdrawn"}
    in_force = [named[each.decision] for each in told.decisions if each.phase in IN_FORCE]
    if told.state is not State.EXPIRED:
        assert told.state == max(in_force, key=order.index, default="valid")


@settings(max_examples=30)
@given(HOLDERS, MANY)
def test_walking_every_day_finds_nothing_more(holder: Certificate, given_events: list[Event]) -> None:
    """The walk goes from one day on which something happens to the next; that no other day matters is shown by going through all."""

    class Slow(_Walk):
        def _next(self, day: date) -> date | None:
            return day + timedelta(days=1)

    assert Slow(holder, in_order(given_events), RULES, date(2020, 12, 31)).walk() == history(holder, given_events, RULES, "2020-12-31")


@settings(max_examples=30)
@given(HOLDERS, MANY, DAYS)
def test_a_history_is_the_beginning_of_a_later_one(holder: Certificate, given_events: list[Event], day: str) -> None:
    early, late = history(holder, given_events, RULES, day), history(holder, given_events, RULES, "2020-12-31")
    assert early.steps == tuple(step for step in late.steps if step.day.isoformat() <= day)
    assert [each.day for each in early.decisions] == [each.day for each in late.decisions if each.day.isoformat() <= day]


@given(HOLDERS, MANY)
def test_a_decision_takes_effect_only_after_its_notice_period(holder: Certificate, given_events: list[Event]) -> None:
    for each in history(holder, given_events, RULES, "2020-12-31").decisions:
        if each.effective_on and each.notice_until:
            assert each.effective_on > each.notice_until


# --- the calendar, counted again day by day ---


def recount(holder: Certificate, given_events: list[Event], papers: list[Document], today: str, days: int) -> set[tuple[str, str, str]]:
    """What falls due, asked of every single day of the window by itself."""
    told = history(holder, given_events, RULES, today)
    known = [each for each in given_events if each.day <= today]
    over = told.state in (State.WITHDRAWN, State.EXPIRED)
    found = set()
    for step in range(days + 1):
        day = date.fromisoformat(today) + timedelta(days=step)
        pairs = [*of_decisions(told, day)]
        if not over:
            pairs += [("certificate", "")] if day == told.valid_until else []
            pairs += [("document", paper.id) for paper in papers if paper.valid_until == day.isoformat()]
        if not over and (told.valid_until is None or day <= told.valid_until):
            pairs += of_duties(holder, known, day)
        found |= {(day.isoformat(), *pair) for pair in pairs}
    return found


def of_decisions(told: History, day: date) -> Iterator[tuple[str, str]]:
    for each in told.decisions:
        if day == each.notice_until and each.phase in (Phase.PROPOSED, Phase.CONFIRMED):
            yield "notice", each.day.isoformat()
        if day == each.appeal_until and each.phase in (Phase.PROPOSED, Phase.IN_EFFECT):
            yield "appeal", each.day.isoformat()
        if day == each.lasts_until and each.phase in (Phase.IN_EFFECT, Phase.CONTESTED, Phase.FINAL):
            yield "measure", each.day.isoformat()


def of_duties(holder: Certificate, known: list[Event], day: date) -> Iterator[tuple[str, str]]:
    issued = date.fromisoformat(holder.issued_on)
    handed_in = any(each.kind == "annual_update" and each.year == day.year for each in known)
    if day == on(day.year, "04-15") and day.year > issued.year and not handed_in:
        yield "duty", f"update.{day.year}"
    for number in range(1, 10):
        if day == add_months(issued, 36 * number):
            yield "duty", f"again.{number}"


@given(HOLDERS, MANY, DAYS, st.integers(0, 400), st.lists(DAYS, max_size=4))
def test_the_calendar_equals_a_recount_by_days(
    holder: Certificate, given_events: list[Event], today: str, days: int, ends: list[str]
) -> None:
    papers = [Document(holder.number, f"E{i}", "证明", end) for i, end in enumerate(ends)]
    found = calendar([(holder, given_events)], RULES, today, days, papers)
    assert {(each.day, each.kind.value, each.key) for each in found} == recount(holder, given_events, papers, today, days)
    assert len({(each.certificate, each.kind, each.key) for each in found}) == len(found)


@given(MANY)
def test_state_and_history_agree(given_events: list[Event]) -> None:
    assert state_on(certificate(), given_events, RULES, "2020-04-01") is history(certificate(), given_events, RULES, "2020-04-01").state
