"""The store on SQLite and PostgreSQL: changes are whole, entered in the ledger, and never overwrite each other silently."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, select, text

from engine import Refused, Store, backup_bytes, open_store, restore, upgrade_store
from engine.rounds.store.ledger import check_ledger
from engine.rounds.store.models import Base, LedgerRow, RoundRow
from tests.rounds.store.dossiers import act


def round_row(name: str = "2026", state: str = "open") -> RoundRow:
    return RoundRow(id=name, scheme="s", state=state, opened_on="2026-04-01", changed_on="2026-04-01", seed=name)


def enter(store: Store, name: str = "2026") -> None:
    with store.change(act("open", name)) as session:
        session.add(round_row(name))


def states(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {row.id: row.state for row in session.scalars(select(RoundRow))}


def codes(refused: Refused) -> list[str]:
    return [problem.code for problem in refused.problems]


def found(store: Store) -> list[str]:
    return [problem.code for problem in store.check()]


def by_hand(store: Store, *statements: str) -> None:
    """Change the database beside the ledger."""
    with store.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


# --- the tables ---


def test_the_migrations_make_the_tables_of_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_store_that_is_there_is_opened_as_it_is(store: Store, address: str) -> None:
    enter(store)
    again = open_store(address)
    assert states(again) == {"2026": "open"}
    again.close()


def test_tables_of_another_program_are_refused(store: Store, address: str) -> None:
    by_hand(store, "DROP TABLE alembic_version")
    with pytest.raises(Refused) as refused:
        open_store(address)
    assert codes(refused.value) == ["store_foreign"]


def test_a_newer_store_is_refused(store: Store, address: str) -> None:
    by_hand(store, "UPDATE alembic_version SET version_num = '9999'")
    for open_ in (open_store, upgrade_store):
        with pytest.raises(Refused) as refused:
            open_(address)
        assert codes(refused.value) == ["store_newer"]


def test_upgrading_what_is_up_to_date_changes_nothing(store: Store, address: str) -> None:
    enter(store)
    assert upgrade_store(address) == store.address
    assert states(store) == {"2026": "open"}


@pytest.mark.parametrize("wrong", ["mysql://host/name", "nosuch://x", "://"])
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(Refused) as refused:
        open_store(wrong)
    assert codes(refused.value) == ["store_address"]


def test_a_store_that_must_be_there_and_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        open_store(str(tmp_path / "none.db"), make=False)
    assert codes(refused.value) == ["store_missing"]
    assert not (tmp_path / "none.db").exists()


def test_a_server_that_does_not_answer_is_a_problem() -> None:
    with pytest.raises(Refused) as refused:
        open_store("postgresql://nobody@127.0.0.1:9/none")
    assert codes(refused.value) == ["store_lost"]


# --- changes ---


def test_a_change_is_an_entry_of_the_ledger_that_follows_the_one_before(store: Store) -> None:
    enter(store)
    with store.change(act("close", "2026", why="over", by="乙")) as session:
        row = session.get(RoundRow, "2026")
        assert row is not None
        row.state = "closed"
    with store.reading() as session:
        first, second = session.scalars(select(LedgerRow).order_by(LedgerRow.seq))
        assert (second.seq, second.by, second.what, second.why, second.previous) == (2, "乙", "close", "over", first.hash)
    assert found(store) == []


def test_a_change_that_writes_nothing_leaves_no_entry(store: Store) -> None:
    enter(store)
    with store.change(act()) as session:
        row = session.get(RoundRow, "2026")
        assert row is not None
        row.state = "open"
    with store.reading() as session:
        assert len(session.scalars(select(LedgerRow)).all()) == 1


def test_a_change_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.change(act()) as session:
        session.add(round_row())
        session.flush()
        raise ZeroDivisionError
    assert states(store) == {}
    assert found(store) == []


def test_a_row_that_was_changed_after_one_looked_is_not_overwritten(store: Store) -> None:
    enter(store)
    with store.change(act("close", why="early", by="乙")) as session:
        row = session.get(RoundRow, "2026")
        assert row is not None
        row.state = "closed"
    with pytest.raises(Refused) as refused, store.change(act(), seen=1) as session:
        row = session.get(RoundRow, "2026")
        assert row is not None
        row.state = "open"
    assert [(problem.code, dict(problem.params)["by"], dict(problem.params)["why"]) for problem in refused.value.problems] == [
        ("changed_meanwhile", "乙", "early")
    ]
    assert states(store) == {"2026": "closed"}


def test_another_row_may_have_been_changed_meanwhile(store: Store) -> None:
    enter(store, "2025")
    enter(store, "2026")
    with store.change(act(), seen=1) as session:
        row = session.get(RoundRow, "2025")
        assert row is not None
        row.state = "closed"
    assert states(store) == {"2025": "closed", "2026": "open"}


def test_two_at_once_do_not_overwrite_each_other(shared_store: Store) -> None:
    """On PostgreSQL both begin before either is done; SQLite lets one begin only after the other."""
    store = shared_store
    enter(store)
    with pytest.raises(Refused) as refused, store.change(act(by="甲")) as mine:
        row = mine.get(RoundRow, "2026")
        assert row is not None
        with store.change(act("close", by="乙")) as theirs:
            other = theirs.get(RoundRow, "2026")
            assert other is not None
            other.state = "closed"
        row.state = "ranked"
    assert codes(refused.value) == ["changed_meanwhile"]
    assert states(store) == {"2026": "closed"}
    assert found(store) == []


def test_two_at_once_on_different_rows_are_both_entered(shared_store: Store) -> None:
    store = shared_store
    with store.change(act()) as mine:
        mine.add(round_row("2025"))
        with store.change(act()) as theirs:
            theirs.add(round_row("2026"))
    assert states(store) == {"2025": "open", "2026": "open"}
    assert found(store) == []


def test_of_two_who_enter_the_same_at_once_one_is_told(shared_store: Store) -> None:
    store = shared_store
    with pytest.raises(Refused) as refused, store.change(act()) as mine:
        mine.add(round_row("2025"))
        mine.add(round_row("2026"))
        with store.change(act()) as theirs:
            theirs.add(round_row("2026", "closed"))
    assert codes(refused.value) == ["store_clash"]
    assert states(store) == {"2026": "closed"}
    assert found(store) == []


def test_a_full_disk_is_a_problem_and_what_was_there_stays(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "rounds.db"))
    enter(store)
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count=1"))
    store.engine.dispose()
    with pytest.raises(Refused) as refused, store.change(act()) as session:
        session.add_all(round_row(f"2026-{number}") for number in range(2000))
    assert codes(refused.value) == ["store_full"]
    assert states(store) == {"2026": "open"}
    assert found(store) == []


# --- the audit ---

TAMPERED = {
    "a changed row": (["UPDATE rounds SET state = 'closed' WHERE id = '2026'"], ["row_changed"]),
    "a deleted row": (["DELETE FROM rounds WHERE id = '2026'"], ["row_deleted"]),
    "a row put in": (
        ["INSERT INTO rounds VALUES ('2027', 's', 'open', '2026-04-01', '2026-04-01', 'x', '', '', '', '')"],
        ["row_beside"],
    ),
    "an entry's words": (["UPDATE ledger SET why = 'another' WHERE seq = 2"], ["ledger_rewritten"]),
    "an entry's rows": (["UPDATE ledger SET rows = '[]' WHERE seq = 2"], ["ledger_rewritten", "row_beside"]),
    "an entry in the middle": (["DELETE FROM ledger WHERE seq = 2"], ["ledger_gap", "row_beside"]),
    "the last entry and its row": (["DELETE FROM rounds WHERE id = '2026'", "DELETE FROM ledger WHERE seq = 3"], ["ledger_cut"]),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_is_changed_beside_the_ledger_is_found_and_named(store: Store, name: str) -> None:
    for round_id in ("2024", "2025", "2026"):
        enter(store, round_id)
    statements, expected = TAMPERED[name]
    by_hand(store, *statements)
    assert found(store) == expected
    assert all(str(problem.where) and problem.what("zh") and problem.fix("en") for problem in store.check())


def test_a_tail_rewritten_with_right_hashes_is_found_by_the_witness(store: Store) -> None:
    for round_id in ("2024", "2025"):
        enter(store, round_id)
    before = store.witness
    assert before is not None
    kept = before.read_text()
    by_hand(store, "DELETE FROM rounds WHERE id = '2025'", "DELETE FROM ledger WHERE seq = 2")
    with store.change(act("open", "2025", by="丙")) as session:  # a proper entry, in place of the one that was
        session.add(round_row("2025", "closed"))
    before.write_text(kept)
    assert found(store) == ["ledger_unwitnessed"]
    with store.reading() as session:
        assert check_ledger(session, {}) == []


def test_a_witness_that_was_edited_is_named_by_its_line(store: Store) -> None:
    enter(store)
    assert store.witness is not None
    line = store.witness.read_text()
    store.witness.write_text(line + "what\n" + "1 " + "f" * 64 + "\n")
    assert [(problem.code, problem.where.line) for problem in store.check()] == [("witness_malformed", 2), ("witness_contradicts", 3)]


# --- backups ---


def test_a_backup_is_restored_into_any_store(store: Store, tmp_path: Path) -> None:
    for round_id in ("2025", "2026"):
        enter(store, round_id)
    packed = backup_bytes(store)
    assert packed == backup_bytes(store)
    other = open_store(str(tmp_path / "other.db"))
    assert restore(other, packed, "b.zip") == 4
    assert states(other) == states(store)
    assert backup_bytes(other) == packed
    assert found(other) == []
    enter(other, "2027")
    assert found(other) == []
    assert backup_bytes(store) == packed


def test_a_backup_is_not_restored_over_anything(store: Store) -> None:
    enter(store)
    with pytest.raises(Refused) as refused:
        restore(store, backup_bytes(store), "b.zip")
    assert codes(refused.value) == ["restore_not_empty"]


@pytest.mark.parametrize("damage", ["cut", "none", "changed"])
def test_a_damaged_backup_is_refused(store: Store, tmp_path: Path, damage: str) -> None:
    enter(store)
    packed = backup_bytes(store)
    if damage == "changed":
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(target, "w") as new:
            for entry in old.infolist():
                new.writestr(entry, old.read(entry).replace(b'"state": "open"', b'"state": "shut"'))
        packed = target.getvalue()
    damaged = {"cut": packed[: len(packed) // 2], "none": b"", "changed": packed}[damage]
    other = open_store(str(tmp_path / "other.db"))
    with pytest.raises(Refused) as refused:
        restore(other, damaged, "b.zip")
    assert codes(refused.value) == ["backup_changed" if damage == "changed" else "backup_unreadable"]
    assert states(other) == {}
