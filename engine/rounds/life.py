"""The life of a round and of an application as two tables: which move is possible in which state, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping

from engine.problems import Bilingual, ProblemList, Where
from engine.texts import say

Moves = Mapping[str, Mapping[str, str]]

OPEN, ASSESSED, RANKED, DRAFTED, DECIDED, PUBLISHED, ISSUED, CLOSED = (
    "open",
    "assessed",
    "ranked",
    "drafted",
    "decided",
    "published",
    "issued",
    "closed",
)
_BEFORE_DECISION = (OPEN, ASSESSED, RANKED, DRAFTED)

ROUND_MOVES: Moves = {
    "add": {OPEN: OPEN, ASSESSED: OPEN},
    "withdraw": {OPEN: OPEN, ASSESSED: ASSESSED, RANKED: ASSESSED, DRAFTED: ASSESSED},
    "run": {OPEN: ASSESSED, ASSESSED: ASSESSED},
    "assign": {state: state for state in (OPEN, ASSESSED, RANKED)},
    "recheck": dict.fromkeys((ASSESSED, RANKED, DRAFTED), ASSESSED),
    "report": {state: state for state in (OPEN, ASSESSED, RANKED, DRAFTED, DECIDED, PUBLISHED, ISSUED)},
    "rank": {ASSESSED: RANKED, RANKED: RANKED},
    "draft": {RANKED: DRAFTED, DRAFTED: DRAFTED},
    "freeze": {DRAFTED: DECIDED},
    "publish": {DECIDED: PUBLISHED},
    "object": {PUBLISHED: PUBLISHED},
    "answer": {PUBLISHED: PUBLISHED},
    "reopen": {PUBLISHED: ASSESSED},
    "issue": {PUBLISHED: ISSUED},
    "close": {ISSUED: CLOSED},
}
"""What can be done with a round, by its state; what is done before the decision may be done again, and undoes what came after it."""

RECEIVED, WITHDRAWN, CERTIFIED, DECLINED = "received", "withdrawn", "certified", "declined"

APPLICATION_MOVES: Moves = {
    "replace": {RECEIVED: RECEIVED, ASSESSED: RECEIVED},
    "run": {RECEIVED: ASSESSED},
    "recheck": {ASSESSED: ASSESSED},
    "withdraw": {RECEIVED: WITHDRAWN, ASSESSED: WITHDRAWN},
    "certify": {ASSESSED: CERTIFIED},
    "decline": {ASSESSED: DECLINED},
}
"""What can become of an application, by its state."""


def moved(moves: Moves, move: str, state: str, subject: str) -> str:
    """The state that a move leads to. Raises Refused where it is out of order, with what is possible."""
    if state in moves[move]:
        return moves[move][state]
    problems = ProblemList()
    first = list(moves[move])
    problems.error(
        "move_out_of_order",
        Where(path=subject),
        move=_words("move", [move]),
        state=_words("state", [state]),
        allowed=_words("state", first),
        possible=_words("move", [name for name, table in moves.items() if state in table]),
    )
    problems.refuse_if_errors()
    return state


def _words(group: str, names: list[str]) -> Bilingual:
    listed = {lang: (", " if lang == "en" else "、").join(say(f"rounds.{group}.{name}", lang) for name in names) for lang in ("zh", "en")}
    return Bilingual(zh=listed["zh"] or "—", en=listed["en"] or "—")
