"""A round whose certificates are issued, ready for what comes after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from engine import (
    Store,
    add_files,
    close_round,
    draft_list,
    freeze_list,
    handed_in,
    issue,
    open_round,
    publish,
    rank_round,
    rulesets_root,
    run_round,
    setting_of,
    waiting,
)
from tests.rounds.store.dossiers import SCHEME, act, written

ROUND, ISSUED_ON = "2026Q2", "2026-05-16"
FIRST, SECOND = "JX-YQ-2026-0001", "JX-YQ-2026-0002"


def park_rules(folder: Path, **more: Any) -> str:
    """Rules of rounds for the scheme of the tests: no quota, no tie-breaker that looks at points; ``surveillance=None`` names none."""
    plain = yaml.safe_load((rulesets_root() / "rounds" / "jiaxing_2017.yaml").read_text(encoding="utf-8"))
    plain |= {"rounds": "parks", "scheme": SCHEME} | more
    plain["kinds"]["value"] = ["green_park"]
    plain["quotas"]["by"] = []
    plain["ties"]["breakers"] = [one for one in plain["ties"]["breakers"] if one["by"] != "dimension"]
    plain["certificate_numbers"]["letters"] = {"green_park": "YQ"}
    del plain["plan"]
    path = folder / "parks.yaml"
    path.write_text(yaml.safe_dump({k: v for k, v in plain.items() if v is not None}, allow_unicode=True), encoding="utf-8")
    return str(path)


def issued(store: Store, folder: Path, name: str = ROUND, day: str = ISSUED_ON, numbers: tuple[int, ...] = (1, 2), **more: Any) -> None:
    """Open a round of some applicants, publish it a month before a day and issue its certificates on that day."""
    opened = f"{day[:4]}-04-01"
    open_round(store, act("open", name), name, SCHEME, opened, rules=park_rules(folder, **more))
    add_files(store, act("add", name), name, handed_in(written(folder / name, *numbers), folder), opened)
    list(run_round(store, act("run", name), name, waiting(store, name), setting_of(store, name, None, "zh"), 1))
    rank_round(store, act("rank", name), name, opened)
    draft_list(store, act("draft", name), name, {}, opened)
    freeze_list(store, act("freeze", name), name, opened)
    publish(store, act("publish", name), name, f"{day[:4]}-05-01")
    issue(store, act("issue", name), name, folder / "certificates", "示例办公室", day)
    close_round(store, act("close", name), name, day)
