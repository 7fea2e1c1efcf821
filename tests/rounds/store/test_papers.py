"""What a round of the store sends out: by what it holds, at each of its steps, and the same every time."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from engine import PARTS, Refused, Sender, Store, book_of, issue, read_sender, recheck, round_papers, stated_otherwise
from engine.rounds.book import Quota
from tests.report.reading import read
from tests.rounds.store.dossiers import act
from tests.rounds.store.steps import AFTER, LAST, PUBLISHED, ROUND, codes, number, published

SENDER = Sender(office="示例办公室（虚构）", day=AFTER)


def files(store: Store, parts: tuple[str, ...] = PARTS) -> dict[str, bytes]:
    return {one.name: one.content for one in round_papers(store, ROUND, SENDER, "zh", parts)}


def test_while_it_is_not_decided_there_are_no_letters_of_results_and_no_publicity(assessed: Store) -> None:
    made = files(assessed)
    assert {"round.xlsx", "summary.pdf", "applications.csv"} <= set(made)
    assert [name for name in made if name.startswith(("letters/", "publicity"))] == []


def test_the_publicity_list_has_the_days_that_the_round_was_published_on(assessed: Store) -> None:
    made = files(published(assessed), ("publicity", "letters"))
    assert list(made) == ["publicity.pdf"]
    assert "公示期自2026年5月1日至2026年5月15日" in read(made["publicity.pdf"]).run
    assert book_of(assessed, ROUND).published == (PUBLISHED, LAST)


def test_what_was_issued_is_told_and_listed(assessed: Store, tmp_path: Path) -> None:
    issue(published(assessed), act("issue", ROUND), ROUND, tmp_path / "c", "示例办公室", AFTER)
    made = files(assessed)
    assert [name for name in made if name.startswith("letters/")] == [
        f"letters/{number(1)}_result.pdf",
        f"letters/{number(1)}_certificate.pdf",
        f"letters/{number(2)}_result.pdf",
        f"letters/{number(2)}_certificate.pdf",
        f"letters/{number(3)}_result.pdf",
    ]
    listed = list(csv.DictReader(io.StringIO(made["catalogue.csv"].decode("utf-8-sig"))))
    assert [row["证书编号"] for row in listed] == ["JX-YQ-2026-0001", "JX-YQ-2026-0002"]
    assert files(assessed) == made


def test_the_quotas_are_those_that_were_ranked_against_and_go_with_the_ranks(assessed: Store) -> None:
    published(assessed)
    assert book_of(assessed, ROUND).quotas == (Quota("green_park", "port", None),)


def test_a_re_check_takes_the_quotas_back_with_the_ranks(assessed: Store) -> None:
    from engine import rank_round

    rank_round(assessed, act("rank", ROUND), ROUND, AFTER)
    recheck(
        assessed,
        act("recheck", number(1), why="现场核查"),
        number(1),
        lambda dossier, programme: stated_otherwise(dossier, {"co2_total": "60000 tCO2"}, programme),
        AFTER,
    )
    assert book_of(assessed, ROUND).quotas == ()


def test_a_part_that_there_is_not_is_refused(assessed: Store) -> None:
    with pytest.raises(Refused) as refused:
        files(assessed, ("letters", "posters"))
    assert codes(refused.value) == ["export_part"]


# --- the office's file ---


def test_the_office_is_read_from_a_file_and_its_day_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "office.yaml"
    path.write_text("office: 示例办公室（虚构）\nobjection: {to: 某处, days: 5}\n", encoding="utf-8")
    sender = read_sender(path, "2026-05-16")
    assert (sender.office, sender.day, sender.objection and sender.objection.days) == ("示例办公室（虚构）", "2026-05-16", 5)
    path.write_text("office: 示例办公室（虚构）\nday: 2026-05-20\n", encoding="utf-8")
    assert read_sender(path, "2026-05-16").day == "2026-05-20"


def test_every_mistake_in_the_office_s_file_is_named_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "office.yaml"
    path.write_text("ofice: 示例\nday: 2026-02-30\nobjection: {to: 某处, days: -1}\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_sender(path, "2026-05-16")
    found = sorted((problem.where.line, problem.code) for problem in refused.value.problems)
    assert found == [(1, "key_missing"), (1, "key_unknown"), (2, "calendar_day"), (3, "value_wrong")]
