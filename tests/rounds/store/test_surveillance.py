"""After the issue: events in the store, what becomes of certificates by them, and the lists that leave out who is certified no more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text
from sqlalchemy.orm import Session

from engine import (
    HeldCertificate,
    Refused,
    Sender,
    Store,
    audit,
    backup_bytes,
    book_of,
    certificates_of,
    documents_of,
    due_of,
    enter_files,
    enter_stated,
    open_store,
    restore,
    round_papers,
    rulesets_root,
)
from engine.rounds import entering
from engine.rounds.catalogue import certified
from engine.rounds.names import Names
from engine.rounds.store.models import DossierRow
from engine.rounds.surveillance import load_surveillance
from tests.rounds.store.dossiers import act, credit_code
from tests.rounds.store.issued import FIRST, ISSUED_ON, ROUND, SECOND, issued

LATER = "2029-12-31"
UPDATES = [("2027-05-10", "annual_update", {"year": "2027"}), ("2028-04-15", "annual_update", {"year": "2028"})]


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A round with two certificates, as a backup."""
    folder = tmp_path_factory.mktemp("issued")
    store = open_store(str(folder / "issued.db"))
    issued(store, folder)
    content = backup_bytes(store)
    store.close()
    return content


@pytest.fixture
def held(store: Store, packed: bytes) -> Store:
    """A store with the two certificates."""
    restore(store, packed, "b.zip")
    return store


def stated(day: str, kind: str, certificate: str = FIRST, **more: str) -> dict[str, str]:
    return {"day": day, "kind": kind, "certificate": certificate, "document": f"文件 {day}", "entered_by": "李"} | more


def file_of(folder: Path, events: Iterable[dict[str, str]], name: str = "events.yaml") -> Path:
    path = folder / name
    lines = [yaml.safe_dump(event, allow_unicode=True, default_flow_style=True, width=1000).strip() for event in events]
    path.write_text("events:\n" + "".join(f"- {line}\n" for line in lines), encoding="utf-8")
    return path


def enter(store: Store, folder: Path, *events: dict[str, str], day: str = LATER) -> None:
    enter_files(store, act("enter"), [file_of(folder, events)], day)


def states(store: Store, day: str) -> list[str]:
    return [one.state_on(day) for one in certificates_of(store)]


def listed(store: Store, day: str) -> list[str]:
    return [found.number for _, found in certified(book_of(store, ROUND, day), Names(), day)]


def codes(refused: Refused) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.where.line) for problem in refused.problems]


# --- a whole life ---


def test_a_life_from_a_missed_update_to_an_appeal_that_was_upheld(held: Store, tmp_path: Path) -> None:
    """Due 15 April: late on the 16th. An accident of 1 August is suspended for on 17 August, the day after 15 days of notice."""
    assert (states(held, "2027-04-15"), states(held, "2027-04-16")) == (["valid", "valid"], ["warned", "warned"])
    enter(held, tmp_path, stated("2027-05-10", "annual_update", year="2027"), day="2027-05-10")
    assert (states(held, "2027-05-09"), states(held, "2027-05-10")) == (["warned", "warned"], ["valid", "warned"])
    enter(held, tmp_path, stated("2027-08-01", "accident", grade="larger"), day="2027-08-02")
    assert [states(held, day)[0] for day in ("2027-08-01", "2027-08-16", "2027-08-17")] == ["valid", "valid", "suspended"]
    enter(held, tmp_path, stated("2027-08-20", "appeal"), day="2027-08-20")
    assert states(held, "2027-08-20")[0] == "suspended"
    enter(held, tmp_path, stated("2027-09-05", "appeal_upheld"), day="2027-09-05")
    assert [states(held, day)[0] for day in ("2027-09-04", "2027-09-05", "2028-04-15")] == ["suspended", "valid", "valid"]
    assert audit(held).problems == ()


def test_who_never_answers_is_warned_suspended_and_withdrawn(held: Store) -> None:
    """60 days late on 14 June, in effect on the 30th; 180 days of suspension are over on 27 December, in effect on 12 January."""
    days = ("2027-04-16", "2027-06-29", "2027-06-30", "2028-01-11", "2028-01-12")
    assert [states(held, day)[1] for day in days] == ["warned", "warned", "suspended", "suspended", "withdrawn"]
    assert [listed(held, day) for day in days] == [[FIRST, SECOND], [FIRST, SECOND], [], [], []]


def test_the_catalogue_leaves_out_who_is_withdrawn_and_keeps_the_others(held: Store, tmp_path: Path) -> None:
    enter(held, tmp_path, *(stated(day, kind, SECOND, **more) for day, kind, more in UPDATES), stated("2026-12-01", "false_data"))
    assert listed(held, "2026-12-16") == [FIRST, SECOND]
    assert listed(held, "2026-12-17") == [SECOND]
    for day, expected in (("2026-12-16", [FIRST, SECOND]), ("2026-12-17", [SECOND])):
        files = {file.name: file.content for file in round_papers(held, ROUND, Sender(office="示例办公室", day=day), parts=["catalogue"])}
        assert [number for number in (FIRST, SECOND) if number in files["catalogue.csv"].decode("utf-8-sig")] == expected


def test_a_certificate_expires_after_three_years_and_lives_on_where_it_passed_again(held: Store, tmp_path: Path) -> None:
    both = [stated(day, kind, number, **more) for number in (FIRST, SECOND) for day, kind, more in UPDATES]
    again = [stated("2029-04-10", "annual_update", n, year="2029") for n in (FIRST, SECOND)]
    reviews = [stated("2029-02-15", "reevaluation", number) for number in (FIRST, SECOND)]
    enter(held, tmp_path, *both, *again, *reviews, stated("2029-05-15", "reevaluation_result", SECOND, result="passed"))
    assert (states(held, "2029-05-15"), states(held, "2029-05-16")) == (["valid", "valid"], ["expired", "valid"])
    assert (listed(held, "2029-05-15"), listed(held, "2029-05-16")) == ([FIRST, SECOND], [SECOND])
    found = [one.certificate.valid_until for one in book_of(held, ROUND, "2029-05-16").applications if one.certificate]
    assert found == ["2029-05-15", "2032-05-15"]


def test_a_book_is_of_the_last_day_on_which_anything_is_recorded(held: Store, tmp_path: Path) -> None:
    def state() -> str:
        found = book_of(held, ROUND).applications[0].certificate
        assert found is not None
        return found.state

    assert state() == "valid"
    enter(held, tmp_path, stated("2026-11-01", "accident", grade="general"))
    assert state() == "warned"
    enter(held, tmp_path, stated("2026-11-20", "corrected"))
    assert state() == "valid"


# --- rules ---


def test_the_rules_are_those_of_the_opening_whatever_the_library_becomes(
    held: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    shutil.copytree(rulesets_root(), library)
    path = library / "surveillance" / "jiaxing_2017.yaml"
    text_ = path.read_text(encoding="utf-8")
    path.write_text(text_.replace('due: "04-15"', 'due: "09-01"'), encoding="utf-8")
    monkeypatch.setenv("GREENCERT_RULESETS", str(library))
    assert load_surveillance("jiaxing_2017").duty("annual_update").due == "09-01"
    assert states(held, "2027-04-16") == ["warned", "warned"]
    (one,) = certificates_of(held, numbers=[FIRST])
    assert one.rules == load_surveillance("jiaxing_2017", Path(__file__).parents[3] / "rulesets")


def test_without_rules_only_the_last_day_ends_a_certificate_and_no_event_is_taken(store: Store, tmp_path: Path) -> None:
    issued(store, tmp_path, surveillance=None, numbers=(1,))
    assert [states(store, day) for day in ("2027-04-16", "2029-05-15", "2029-05-16")] == [["valid"], ["valid"], ["expired"]]
    with pytest.raises(Refused) as refused:
        enter(store, tmp_path, stated("2027-01-01", "false_data"))
    assert codes(refused.value) == [("surveillance_without_rules", 2)]


# --- entering ---


def test_the_same_event_counts_once_however_often_it_is_entered(held: Store, tmp_path: Path) -> None:
    event = stated("2026-11-01", "penalty", penalty="fine", amount="1000")
    path = file_of(tmp_path, [event, event])
    first = enter_files(held, act("enter"), [path], LATER)
    assert (len(first.new), len(first.known), first.certificates) == (1, 0, (FIRST,))
    assert [(one.code, one.where.line) for one in first.problems] == [("surveillance_event_twice", 3)]
    entries = audit(held).entries
    second = enter_files(held, act("enter"), [path], LATER)
    assert (len(second.new), len(second.known), second.certificates) == (0, 1, ())
    assert audit(held).entries == entries
    third = enter_stated(held, act("enter"), event | {"amount": "2000"}, LATER)
    assert len(third.new) == 1


def test_a_file_is_one_change_of_the_ledger(held: Store, tmp_path: Path) -> None:
    before = audit(held).entries
    enter(held, tmp_path, stated("2026-11-01", "accident", grade="general"), stated("2026-12-01", "accident", SECOND, grade="general"))
    assert audit(held).entries == before + 1


def test_every_mistake_is_named_at_its_line_and_nothing_is_entered(held: Store, tmp_path: Path) -> None:
    wrong = [
        stated("2026-11-01", "accident", grade="general"),
        stated("2026-11-01", "accident", grade="huge"),
        stated("2026-11-02", "accident", "JX-YQ-2026-0099", grade="general"),
        stated("2030-01-01", "false_data"),
        stated("2026-11-03", "false_data", credit_code=credit_code(2)),
        stated("2026-11-04", "penalty", SECOND),
    ]
    with pytest.raises(Refused) as refused:
        enter(held, tmp_path, *wrong)
    assert sorted(codes(refused.value), key=lambda found: found[1] or 0) == [
        ("surveillance_unknown", 3),
        ("surveillance_certificate_unknown", 4),
        ("surveillance_future", 5),
        ("surveillance_of_another", 6),
        ("surveillance_event_lacks", 7),
    ]
    assert certificates_of(held)[0].events == ()


def test_mistakes_of_several_files_are_told_together(held: Store, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("events: [\n", encoding="utf-8")
    good = file_of(tmp_path, [stated("2026-11-01", "accident", grade="general")], "good.yaml")
    wrong = file_of(tmp_path, [stated("2026-11-01", "appeal")], "wrong.yaml")
    with pytest.raises(Refused) as refused:
        enter_files(held, act("enter"), [broken, good], LATER)
    assert {Path(problem.where.file).name for problem in refused.value.problems} == {"broken.yaml"}
    with pytest.raises(Refused) as refused:
        enter_files(held, act("enter"), [file_of(tmp_path, [stated("2026-10-01", "corrected")], "a.yaml"), wrong], LATER)
    assert [Path(problem.where.file).name for problem in refused.value.problems] == ["a.yaml", "wrong.yaml"]
    assert certificates_of(held)[0].events == ()


@pytest.mark.parametrize(
    ("events", "code", "line"),
    [
        ([stated("2026-11-01", "appeal")], "surveillance_nothing_to_answer", 2),
        ([stated("2026-11-01", "accident", grade="larger"), stated("2026-12-02", "appeal")], "surveillance_appeal_late", 3),
        ([stated("2026-05-15", "false_data")], "surveillance_before_issue", 2),
        ([stated("2026-11-01", "annual_update", year="2026")], "surveillance_not_owed", 2),
    ],
    ids=["nothing to answer", "a day late", "before the issue", "no update due"],
)
def test_what_fits_nothing_is_refused_at_its_line(held: Store, tmp_path: Path, events: Any, code: str, line: int) -> None:
    with pytest.raises(Refused) as refused:
        enter(held, tmp_path, *events)
    assert codes(refused.value) == [(code, line)]
    assert certificates_of(held)[0].events == ()


def test_what_would_unseat_an_earlier_answer_is_refused(held: Store, tmp_path: Path) -> None:
    """The only decision was meant by the appeal; an accident of the day before would make it two."""
    enter(held, tmp_path, stated("2026-11-01", "accident", grade="larger"), stated("2026-11-05", "appeal"))
    with pytest.raises(Refused) as refused:
        enter(held, tmp_path, stated("2026-10-31", "accident", grade="larger"))
    assert [(problem.code, problem.where.file) for problem in refused.value.problems] == [("surveillance_which", "文件 2026-11-05")]


def test_an_event_about_a_holder_is_about_each_of_its_certificates(held: Store, tmp_path: Path) -> None:
    issued(held, tmp_path, "2027Q2", "2027-05-16", (1,))
    numbers = [one.number for one in certificates_of(held)]
    assert numbers == [FIRST, SECOND, "JX-YQ-2027-0001"]
    holder = {"certificate": "", "credit_code": credit_code(1).lower()}
    enter(held, tmp_path, stated("2027-04-01", "annual_update", year="2027"), stated("2027-06-01", "dishonest", **holder))
    assert [states(held, day)[::2] for day in ("2027-06-16", "2027-06-17")] == [["valid", "valid"], ["suspended", "suspended"]]
    enter(held, tmp_path, stated("2027-06-20", "corrected", **holder))
    assert states(held, "2027-06-20")[::2] == ["valid", "valid"]


def test_an_answer_of_a_holder_need_only_fit_one_certificate(held: Store, tmp_path: Path) -> None:
    issued(held, tmp_path, "2027Q2", "2027-05-16", (1,))
    holder = {"certificate": "", "credit_code": credit_code(1)}
    accident = stated("2027-06-01", "accident", "JX-YQ-2027-0001", grade="general")
    enter(held, tmp_path, stated("2027-04-01", "annual_update", year="2027"), accident, stated("2027-06-20", "corrected", **holder))
    assert states(held, "2027-06-20")[::2] == ["valid", "valid"]
    with pytest.raises(Refused) as refused:
        enter(held, tmp_path, stated("2027-06-21", "corrected", **holder))
    assert codes(refused.value) == [("surveillance_not_curable", 2)]


@pytest.mark.parametrize(("before", "code"), [(True, "surveillance_nothing_to_answer"), (False, "store_clash")])
def test_of_two_who_answer_the_same_at_once_one_is_told(
    shared_store: Store, packed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool, code: str
) -> None:
    """Either answer alone fits the decision, both do not; the other is entered just before or after the events are read."""
    restore(shared_store, packed, "b.zip")
    enter(shared_store, tmp_path, stated("2026-11-01", "accident", grade="larger"), stated("2026-11-05", "appeal"))
    original = entering.held_certificates

    def overtaken(session: Session) -> tuple[HeldCertificate, ...]:
        monkeypatch.setattr(entering, "held_certificates", original)
        found = () if before else original(session)
        enter_stated(shared_store, act("record", by="乙"), stated("2026-11-20", "appeal_upheld"), LATER)
        return original(session) if before else found

    monkeypatch.setattr(entering, "held_certificates", overtaken)
    with pytest.raises(Refused) as refused:
        enter_stated(shared_store, act("record"), stated("2026-11-21", "appeal_rejected"), LATER)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert [event.kind.value for event in certificates_of(shared_store)[0].events] == ["accident", "appeal", "appeal_upheld"]
    assert list(shared_store.check()) == []


# --- what falls due ---


def test_documents_of_the_dossier_that_run_out_are_due(held: Store) -> None:
    with held.change(act("test")) as session:
        row = session.get(DossierRow, (f"{ROUND}-0002", 1))
        assert row is not None
        plain = json.loads(row.content)
        plain["evidence"][0]["valid_until"] = "2027-06-30"
        row.content = json.dumps(plain, ensure_ascii=False)
    certificates = certificates_of(held)
    documents = documents_of(held, certificates)
    assert [(one.certificate, one.valid_until) for one in documents] == [(SECOND, "2027-06-30")]
    due, late = due_of(certificates, "2027-04-15", 76, documents)
    assert [(one.day, one.kind.value, one.certificate) for one in due] == [
        ("2027-04-15", "duty", FIRST),
        ("2027-04-15", "duty", SECOND),
        ("2027-06-30", "document", SECOND),
    ]
    assert late == ()
    assert [one.certificate for one in due_of(certificates, "2027-04-16", 76, documents)[1]] == [FIRST, SECOND]


# --- the ledger ---


def test_a_changed_a_deleted_and_an_added_event_are_found(held: Store, tmp_path: Path) -> None:
    enter(held, tmp_path, stated("2026-11-01", "accident", grade="larger"), stated("2026-11-05", "appeal"))
    assert audit(held).problems == ()
    with held.engine.begin() as connection:
        connection.execute(text('UPDATE events SET details = \'{"grade": "general"}\' WHERE seq = 1'))
    assert [(problem.code, problem.where.path) for problem in audit(held).problems] == [("row_changed", "events 1")]
    with held.engine.begin() as connection:
        columns = "certificate, credit_code, about_kind, kind, day, document, details, by"
        connection.execute(text(f"INSERT INTO events (seq, {columns}) SELECT 3, {columns} FROM events WHERE seq = 2"))
        connection.execute(text("DELETE FROM events WHERE seq = 2"))
    found = [(problem.code, problem.where.path) for problem in audit(held).problems]
    assert found == [("row_changed", "events 1"), ("row_beside", "events 3"), ("row_deleted", "events 2")]


def test_events_are_in_a_backup(held: Store, tmp_path: Path) -> None:
    enter(held, tmp_path, stated("2026-11-01", "penalty", penalty="fine", amount="1000.5", note="备注"))
    other = open_store(str(tmp_path / "other.db"))
    restore(other, backup_bytes(held), "b.zip")
    assert certificates_of(other) == certificates_of(held)
    assert audit(other).problems == ()
    other.close()


def test_certificates_are_asked_for_by_round_kind_district_and_number(held: Store) -> None:
    assert [one.number for one in certificates_of(held, round_id=ROUND, kind="green_park")] == [FIRST, SECOND]
    assert (
        certificates_of(held, kind="green_factory") == certificates_of(held, district="nowhere") == certificates_of(held, round_id="2030")
    )
    (one,) = certificates_of(held, numbers=[SECOND])
    assert (one.number, one.round, one.application, one.certificate.issued_on) == (SECOND, ROUND, f"{ROUND}-0002", ISSUED_ON)
