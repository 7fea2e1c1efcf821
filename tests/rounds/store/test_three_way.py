"""The three views of a round read from the store: the frozen rules, the counting versions, the office's checks in their order."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine import (
    Refused,
    Store,
    add_files,
    book_of,
    compare_application,
    compare_round,
    handed_in,
    open_round,
    recheck,
    run_round,
    setting_of,
    stated_otherwise,
    waiting,
    withdraw,
)
from engine.assess.views import OFFICE, SELF, THIRD_PARTY
from engine.rounds.store.models import LedgerRow
from tests.rounds.store.dossiers import DAY, SCHEME, act, written

ROUND = "2026Q2"


def number(of: int) -> str:
    return f"{ROUND}-{of:04d}"


@pytest.fixture
def checked(store: Store, tmp_path: Path) -> Store:
    """Four assessed applications: the third party lets the second fail; the office fails the first, in two checks; one is withdrawn."""
    open_round(store, act("open", ROUND), ROUND, SCHEME, DAY)
    paths = [*written(tmp_path / "a", 1), *written(tmp_path / "b", 2, co2_total="99999 tCO2"), *written(tmp_path / "c", 3, 4)]
    add_files(store, act("add", ROUND), ROUND, handed_in(paths, tmp_path), DAY)
    list(run_round(store, act("run", ROUND), ROUND, waiting(store, ROUND), setting_of(store, ROUND, None, "zh"), 1))
    for value in ("60000 tCO2", "61000 tCO2"):
        why = act("recheck", number(1), why="现场核查")
        recheck(store, why, number(1), lambda d, p, value=value: stated_otherwise(d, {"co2_total": value}, p), DAY)  # type: ignore[misc]
    withdraw(store, act("withdraw", number(4), why="企业申请"), number(4), DAY)
    return store


def test_a_round_is_compared_as_it_is_stored(checked: Store) -> None:
    found = compare_round(checked, ROUND)
    outcomes = {one.head.number: {view: result.outcome for view, result in one.results.items()} for one in found.applications}
    assert outcomes == {
        number(1): {SELF: "eligible", THIRD_PARTY: "eligible", OFFICE: "fails"},
        number(2): {SELF: "eligible", THIRD_PARTY: "fails"},
        number(3): {SELF: "eligible", THIRD_PARTY: "eligible"},
    }
    stored = {one.number: one.outcome for one in book_of(checked, ROUND).applications}
    assert {number: list(views.values())[-1] for number, views in outcomes.items()}.items() <= stored.items()
    co2 = {who: (by.changed, tally.flips[who]) for tally in found.statements if tally.name == "co2_total" for who, by in tally.by.items()}
    assert co2 == {THIRD_PARTY: (3, 1), OFFICE: (1, 1)}
    assert found.waiting == 0


def test_what_waits_is_counted_and_not_compared(checked: Store, tmp_path: Path) -> None:
    add_files(checked, act("add", ROUND), ROUND, handed_in(written(tmp_path / "d", 5), tmp_path), DAY)
    found = compare_round(checked, ROUND)
    assert (len(found.applications), found.waiting) == (3, 1)


def test_one_application_has_all_that_the_office_found(checked: Store) -> None:
    found = compare_application(checked, ROUND, number(1))
    assert list(found.views.assessments) == [SELF, THIRD_PARTY, OFFICE]
    (emissions,) = [one for one in found.views.disputed if one.key.name == "co2_total"]
    assert emissions.said[0].texts[OFFICE] == "61000 tCO2"


@pytest.mark.parametrize(("round_id", "of"), [(ROUND, "2026Q2-0099"), ("2026Q3", number(1))])
def test_an_application_of_another_round_is_unknown(checked: Store, round_id: str, of: str) -> None:
    open_round(checked, act("open", "2026Q3"), "2026Q3", SCHEME, DAY)
    with pytest.raises(Refused) as refused:
        compare_application(checked, round_id, of)
    assert [problem.code for problem in refused.value.problems] == ["application_unknown"]


def test_comparing_changes_nothing(checked: Store) -> None:
    with checked.reading() as session:
        before = session.scalar(select(func.max(LedgerRow.seq)))
    compare_round(checked, ROUND)
    with checked.reading() as session:
        assert session.scalar(select(func.max(LedgerRow.seq))) == before
    assert list(checked.check()) == []
