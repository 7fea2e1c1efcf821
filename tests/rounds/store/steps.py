"""A round of three applications step by step: two pass, the last one fails."""

from __future__ import annotations

from pathlib import Path

from engine import (
    Refused,
    Store,
    add_files,
    draft_list,
    freeze_list,
    handed_in,
    open_round,
    publish,
    rank_round,
    run_round,
    setting_of,
    waiting,
)
from tests.rounds.store.dossiers import DAY, SCHEME, act, written

ROUND = "2026Q2"
PUBLISHED, LAST, AFTER = "2026-05-01", "2026-05-15", "2026-05-16"


def assessed_round(store: Store, tmp_path: Path, rules: str) -> Store:
    """A round of three applications that were assessed; the last one fails."""
    open_round(store, act("open", ROUND), ROUND, SCHEME, DAY, rules=rules)
    paths = [*written(tmp_path / "a", 1, 2), *written(tmp_path / "b", 3, co2_total="99999 tCO2")]
    add_files(store, act("add", ROUND), ROUND, handed_in(paths, tmp_path), DAY)
    list(run_round(store, act("run", ROUND), ROUND, waiting(store, ROUND), setting_of(store, ROUND, None, "zh"), 1))
    return store


def number(of: int) -> str:
    return f"{ROUND}-{of:04d}"


def codes(refused: Refused) -> list[str]:
    return [problem.code for problem in refused.problems]


def published(store: Store) -> Store:
    rank_round(store, act("rank", ROUND), ROUND, DAY)
    draft_list(store, act("draft", ROUND), ROUND, {}, DAY)
    freeze_list(store, act("freeze", ROUND), ROUND, DAY)
    assert publish(store, act("publish", ROUND), ROUND, PUBLISHED) == (PUBLISHED, LAST)
    return store
