"""Notices to the holder as content: what is decided, why, how long there is to answer, and how to appeal. Letters print them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.rounds.surveillance.days import after, text
from engine.rounds.surveillance.histories import Decision, History
from engine.rounds.surveillance.machine import Measure
from engine.rounds.surveillance.rules import Surveillance, Then, whole
from engine.rounds.surveillance.wording import Sentence, both, fired_sentence, sentence

CODES = {Measure.WARN: "warning", Measure.SUSPEND: "suspension", Measure.WITHDRAW: "withdrawal"}


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. Days are ISO text, the last of their period; empty where there is no period or its length is not known.

    ``opening`` comes first, ``reasons`` name every rule that fired, ``closing`` says when it takes effect, what undoes it, and the appeal.
    """

    code: str
    certificate: str
    credit_code: str
    holder: str
    district: str
    day: str
    notice_until: str
    appeal_until: str
    title: Sentence
    opening: Sentence
    reasons: tuple[Sentence, ...]
    closing: tuple[Sentence, ...]


def notices(told: History) -> tuple[Notice, ...]:
    """The notice of every decision of a certificate, in the order of their days."""
    return tuple(_notice(told, decision) for decision in told.decisions)


def _notice(told: History, decision: Decision) -> Notice:
    certificate, rules = told.certificate, told.rules
    code = CODES[decision.decision]
    return Notice(
        code=code,
        certificate=certificate.number,
        credit_code=certificate.credit_code,
        holder=certificate.holder,
        district=certificate.district,
        day=decision.day.isoformat(),
        notice_until=text(decision.notice_until),
        appeal_until=text(decision.appeal_until),
        title=sentence(f"notice.title.{code}", number=certificate.number),
        opening=sentence(f"notice.opening.{code}", holder=certificate.holder, number=certificate.number, document=rules.title),
        reasons=tuple(fired_sentence(fired, rules) for fired in decision.fired),
        closing=tuple(_closing(rules, decision)),
    )


def _closing(rules: Surveillance, decision: Decision) -> Iterator[Sentence]:
    thens = [rules.rule(fired.rule).then for fired in decision.reasons]
    governing = rules.rule(decision.rule).then
    if decision.waits_for_office:
        yield sentence("notice.effect_by_office")
    elif decision.notice_until is None:
        yield sentence("notice.effect_at_once", day=decision.day.isoformat())
    else:
        days = str(whole(governing.notice_days))
        until, begins = text(decision.notice_until), text(after(decision.notice_until, 1))
        name = "notice.effect_put_right" if all(then.put_right_by for then in thens) else "notice.effect_comment"
        yield sentence(name, days=days, until=until, begins=begins)
    yield from _undone(thens)
    if (months := whole(governing.lasts_months)) is not None:
        yield sentence("notice.lasts", months=str(months))
    if decision.appeal_until is not None:
        yield sentence("notice.appeal", days=str(whole(governing.appeal_days)), until=text(decision.appeal_until))
    else:
        yield sentence("notice.appeal_unknown")


def _undone(thens: list[Then]) -> Iterator[Sentence]:
    """What lifts the measure once it is in effect; said only where everything that caused it can be put right."""
    if all(then.lifted_by for then in thens):
        ways = sorted({way for then in thens for way in then.lifted_by})
        for way in ways:
            yield sentence("notice.lifted", way=both(f"notice.way.{way}"))
