"""Entering a draw of reviewers and experts into a round."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from engine.problems import Problem
from engine.rounds.assigning import draw
from engine.rounds.life import ROUND_MOVES, WITHDRAWN, moved
from engine.rounds.make_book import book_of
from engine.rounds.opening import round_of
from engine.rounds.pool import Member
from engine.rounds.quotas import rules_of
from engine.rounds.store.ledger import Act
from engine.rounds.store.models import ApplicationRow, AssignmentRow
from engine.rounds.store.open import Store, last_entry


def assign(store: Store, act: Act, round_id: str, pool: Iterable[Member], day: str) -> tuple[Problem, ...]:
    """Draw who reviews each application and enter it in place of an earlier draw; what could not be filled comes back as Problems.

    The round's own seed makes the draw repeatable. Raises Refused where that is out of order.
    """
    members = {member.id: member for member in pool}
    with store.reading() as session:
        seen = last_entry(session)
        state = moved(ROUND_MOVES, "assign", round_of(session, round_id).state, round_id)
        rules, seed = rules_of(session, round_id).rules, round_of(session, round_id).seed
    needed = {"reviewer": int(rules.reviewers.value), "expert": int(rules.experts.value)}
    taking_part = [one for one in book_of(store, round_id).applications if one.state != WITHDRAWN]
    drawn = draw(taking_part, members.values(), needed, seed)
    with store.change(act, seen) as session:
        numbers = select(ApplicationRow.number).where(ApplicationRow.round == round_id)
        for row in session.scalars(select(AssignmentRow).where(AssignmentRow.application.in_(numbers))):
            session.delete(row)
        session.flush()
        for one in drawn.assigned:
            for name in one.people:
                who = members[name]
                head = {"application": one.number, "reviewer": name, "role": one.role}
                session.add(AssignmentRow(**head, name=who.name, organisation=who.organisation))
        row_of_round = round_of(session, round_id)
        row_of_round.state, row_of_round.changed_on = state, day
    return drawn.problems
