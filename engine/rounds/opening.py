"""Opening a round: the programmes of its scheme are frozen, and judge it for ever."""

from __future__ import annotations

import re

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.problems import ProblemList, Where
from engine.rounds.frozen import attestations, frozen
from engine.rounds.frozen_rules import rules_text, rules_to_freeze
from engine.rounds.life import OPEN
from engine.rounds.store.ledger import Act
from engine.rounds.store.models import ApplicationRow, RoundRow
from engine.rounds.store.open import Store
from engine.ruleset.library import rulesets_root
from engine.ruleset.lint import load_programme
from engine.ruleset.overview import scheme_programmes
from engine.ruleset.programme import Programme

_NAME = re.compile(r"\d{4}(Q[1-4])?[\w\-]{0,30}")


def open_round(store: Store, act: Act, round_id: str, scheme: str, day: str, seed: str = "", rules: str = "") -> list[Programme]:
    """Open a round under a scheme of the library on a day (ISO text) and return the programmes that it has frozen.

    A round is named by year, or year and quarter, such as ``2017Q3``. ``seed`` makes its draws repeatable; by default it is the name.
    ``rules`` are the rules of rounds to decide by; by default those of the scheme's name, where there are any. Raises Refused where there
    is such a round already, or the scheme or the rules have mistakes.
    """
    problems = ProblemList()
    if not _NAME.fullmatch(round_id):
        problems.error("round_name", Where(path=round_id))
    problems.refuse_if_errors()
    programmes = [load_programme(scheme, kind, standard=standard, day=day) for kind, standard in scheme_programmes(scheme)]
    decided_by = rules_text(rules_to_freeze(rules, scheme, rulesets_root()))
    with store.change(act) as session:
        if session.get(RoundRow, round_id) is not None:
            problems.error("round_there", Where(path=round_id))
            problems.refuse_if_errors()
        head = {"id": round_id, "scheme": scheme, "state": OPEN, "opened_on": day, "changed_on": day}
        row = RoundRow(**head, seed=seed or round_id, rules=decided_by)
        session.add(row)
        session.flush()
        for programme in programmes:
            kept = frozen(round_id, programme)
            session.add(kept)
            session.flush()
            session.add_all(attestations(kept, programme))
    return programmes


def round_of(session: Session, round_id: str) -> RoundRow:
    """A round of the store. Raises Refused where there is none of that name."""
    row = session.get(RoundRow, round_id)
    if row is None:
        problems = ProblemList()
        known = [found.id for found in session.scalars(select(RoundRow).order_by(RoundRow.id))]
        problems.error("round_unknown", Where(path=round_id), known=", ".join(known) or "—")
        problems.refuse_if_errors()
        raise AssertionError
    return row


def round_names(store: Store) -> list[tuple[str, str, str, int]]:
    """The rounds of the store: name, scheme, state, how many applications."""
    with store.reading() as session:
        rows = session.scalars(select(RoundRow).order_by(RoundRow.id)).all()
        counted = select(ApplicationRow.round, func.count()).group_by(ApplicationRow.round)
        counts = dict(session.execute(counted).all())
        return [(row.id, row.scheme, row.state, counts.get(row.id, 0)) for row in rows]
