"""From results to certificates: ranking against quota, the draft, the frozen list, publicity with its objections, issue and close."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.problems import ProblemList, Where
from engine.rounds.book import CERTIFY, DECLINE, WITHIN, RoundBook
from engine.rounds.candidates import candidates, tier_order
from engine.rounds.frozen import thawed
from engine.rounds.intake import schemes_of
from engine.rounds.life import APPLICATION_MOVES, ROUND_MOVES, moved
from engine.rounds.make_book import book_of
from engine.rounds.opening import round_of
from engine.rounds.places import UNDECIDED
from engine.rounds.quotas import quotas_text, round_quotas, rules_of
from engine.rounds.ranking import Placing, rank
from engine.rounds.rechecking import application_of, unrank
from engine.rounds.store.ledger import Act
from engine.rounds.store.models import ApplicationRow, ObjectionRow, RoundRow
from engine.rounds.store.open import Store, last_entry

OPEN, UPHELD, HEEDED, REJECTED = "open", "upheld", "heeded", "rejected"
"""What has become of an objection; one that was upheld is heeded once the list was taken back for it."""


# --- ranking ---


def rank_round(store: Store, act: Act, round_id: str, day: str) -> tuple[Placing, ...]:
    """Rank what was assessed against the quotas and enter the ranks. Raises Refused where that is out of order."""
    with store.reading() as session:
        seen = last_entry(session)
        state = moved(ROUND_MOVES, "rank", round_of(session, round_id).state, round_id)
        frozen, quotas = rules_of(session, round_id), round_quotas(session, round_id)
        tiers = {row.kind: tier_order(thawed(row).programme()) for row in schemes_of(session, round_id)}
    placings = rank(candidates(book_of(store, round_id), frozen.rules), quotas, frozen.rules, tiers)
    with store.change(act, seen) as session:
        for placing in placings:
            row = application_of(session, placing.number)
            row.rank, row.place, row.ranked_by = placing.rank, placing.place, placing.ranked_by
            row.placing, row.decision, row.reason = _placing_text(placing), "", ""
        _move(session, round_id, state, day).quotas = quotas_text(quotas)
    return placings


def _placing_text(placing: Placing) -> str:
    """Why a placing is what it is, as the store keeps it."""
    notes = [{"code": note.code, "params": list(note.params)} for note in placing.notes]
    reason = {"code": placing.reason.code, "params": list(placing.reason.params)}
    return json.dumps({**reason, "tied_with": list(placing.tied_with), "firm": placing.firm, "notes": notes}, ensure_ascii=False)


def _move(session: Session, round_id: str, state: str, day: str) -> RoundRow:
    row = round_of(session, round_id)
    row.state, row.changed_on = state, day
    return row


# --- the list ---


def draft_list(store: Store, act: Act, round_id: str, otherwise: Mapping[str, tuple[str, str]], day: str) -> RoundBook:
    """Propose who is certified: who is within the quota, unless the office decides ``otherwise``: decision and reason by number.

    Raises Refused where that is out of order, where a number is none of the round's, or a decision has no reason.
    """
    problems = ProblemList()
    for number, (decision, reason) in otherwise.items():
        if decision not in (CERTIFY, DECLINE) or not reason.strip():
            problems.error("decision_reason", Where(path=number))
    problems.refuse_if_errors()
    with store.change(act) as session:
        state = moved(ROUND_MOVES, "draft", round_of(session, round_id).state, round_id)
        rows = {row.number: row for row in ranked_rows(session, round_id)}
        for number in otherwise:
            if number not in rows:
                problems.error("decision_number", Where(path=number))
        problems.refuse_if_errors()
        for number, row in rows.items():
            usual = CERTIFY if row.place == WITHIN else DECLINE, ""
            row.decision, row.reason = otherwise.get(number, usual)
        _move(session, round_id, state, day)
    return book_of(store, round_id)


def ranked_rows(session: Session, round_id: str) -> Sequence[ApplicationRow]:
    """The applications that were assessed and not withdrawn, by number."""
    wanted = ApplicationRow.round == round_id, ApplicationRow.state == "assessed"
    return session.scalars(select(ApplicationRow).where(*wanted).order_by(ApplicationRow.number)).all()


def freeze_list(store: Store, act: Act, round_id: str, day: str) -> RoundBook:
    """Make the draft the list. Raises Refused where that is out of order, or somebody tied at the edge of a quota is not decided."""
    with store.change(act) as session:
        state = moved(ROUND_MOVES, "freeze", round_of(session, round_id).state, round_id)
        problems = ProblemList()
        for row in ranked_rows(session, round_id):
            if _undecided(row) and not row.reason:
                problems.error("decision_tied", Where(path=row.number), tied=", ".join(json.loads(row.placing)["tied_with"]))
        problems.refuse_if_errors()
        _move(session, round_id, state, day)
    return book_of(store, round_id)


def _undecided(row: ApplicationRow) -> bool:
    return bool(row.placing) and json.loads(row.placing)["code"] == UNDECIDED


# --- publicity ---


def publish(store: Store, act: Act, round_id: str, day: str) -> tuple[str, str]:
    """Publish the list from a day (ISO text) on, for as many days as the rules say, and return the first and the last of them."""
    with store.change(act) as session:
        state = moved(ROUND_MOVES, "publish", round_of(session, round_id).state, round_id)
        days = int(rules_of(session, round_id).rules.publicity_days.value)
        row = _move(session, round_id, state, day)
        row.published_from, row.published_until = day, (date.fromisoformat(day) + timedelta(days=days - 1)).isoformat()
        return row.published_from, row.published_until


def enter_objection(store: Store, act: Act, number: str, by: str, text: str, day: str) -> int:
    """Enter what somebody holds against an application while it is published, and return the number of the objection."""
    with store.change(act) as session:
        row = application_of(session, number)
        round_ = round_of(session, row.round)
        moved(ROUND_MOVES, "object", round_.state, row.round)
        problems = ProblemList()
        if not round_.published_from <= day <= round_.published_until:
            problems.error("objection_day", Where(path=number), since=round_.published_from, until=round_.published_until)
        if not by.strip() or not text.strip():
            problems.error("objection_empty", Where(path=number))
        problems.refuse_if_errors()
        seq = 1 + (session.scalar(select(func.max(ObjectionRow.seq)).where(ObjectionRow.application == number)) or 0)
        session.add(ObjectionRow(application=number, seq=seq, by=by, day=day, text=text, outcome=OPEN))
        row.revision += 1
        round_.changed_on = day
    return seq


def answer_objection(store: Store, act: Act, number: str, seq: int, upheld: bool, answer: str, day: str) -> None:
    """Answer an objection: upheld or rejected, with the reason. Raises Refused where there is none that is open."""
    with store.change(act) as session:
        row = application_of(session, number)
        round_ = round_of(session, row.round)
        moved(ROUND_MOVES, "answer", round_.state, row.round)
        objection = session.get(ObjectionRow, (number, seq))
        problems = ProblemList()
        if objection is None or objection.outcome != OPEN:
            problems.error("objection_unknown", Where(path=number), seq=seq)
        elif not answer.strip():
            problems.error("objection_answer", Where(path=number))
        problems.refuse_if_errors()
        assert objection is not None
        objection.outcome, objection.answer = UPHELD if upheld else REJECTED, answer
        objection.answered_by, objection.answered_on = act.by, day
        row.revision += 1
        round_.changed_on = day


def reopen(store: Store, act: Act, round_id: str, day: str) -> None:
    """Take a published list back because an objection was upheld: what was ranked and decided is undone."""
    with store.change(act) as session:
        state = moved(ROUND_MOVES, "reopen", round_of(session, round_id).state, round_id)
        upheld = objections_of(session, round_id, UPHELD)
        if not upheld:
            problems = ProblemList()
            problems.error("reopen_without_reason", Where(path=round_id))
            problems.refuse_if_errors()
        for objection in upheld:
            objection.outcome = HEEDED
        unrank(session, round_id)
        published = _move(session, round_id, state, day)
        published.published_from = published.published_until = ""


def objections_of(session: Session, round_id: str, outcome: str) -> Sequence[ObjectionRow]:
    """The objections to a round's applications that have come to something."""
    numbers = select(ApplicationRow.number).where(ApplicationRow.round == round_id)
    return session.scalars(select(ObjectionRow).where(ObjectionRow.application.in_(numbers), ObjectionRow.outcome == outcome)).all()


def withdraw(store: Store, act: Act, number: str, day: str) -> None:
    """Take an application out of its round at its applicant's wish; what was ranked with it has to be ranked anew."""
    with store.change(act) as session:
        row = application_of(session, number)
        state = moved(ROUND_MOVES, "withdraw", round_of(session, row.round).state, row.round)
        row.state = moved(APPLICATION_MOVES, "withdraw", row.state, number)
        unrank(session, row.round)
        row.reason = act.why
        _move(session, row.round, state, day)


def close_round(store: Store, act: Act, round_id: str, day: str) -> None:
    """Close a round whose certificates are issued."""
    with store.change(act) as session:
        _move(session, round_id, moved(ROUND_MOVES, "close", round_of(session, round_id).state, round_id), day)
