"""A history as plain data for JSON, with its sentences in both languages."""

from __future__ import annotations

from typing import Any

from engine.rounds.surveillance.conditions import Fired
from engine.rounds.surveillance.days import text
from engine.rounds.surveillance.duties import Owed
from engine.rounds.surveillance.histories import Decision, History
from engine.rounds.surveillance.notices import Notice
from engine.rounds.surveillance.rules import Surveillance, unattested
from engine.rounds.surveillance.wording import Sentence, fired_sentence
from engine.texts import LANGUAGES


def history_plain(told: History) -> dict[str, Any]:
    """The history of a certificate: state, steps, decisions with their reasons, duties, and what was refused."""
    return {
        "certificate": told.certificate.number,
        "rules": told.rules.surveillance,
        "rules_version": told.rules.version,
        "day": text(told.day),
        "state": told.state.value,
        "since": text(told.since),
        "valid_until": text(told.valid_until),
        "steps": [
            {
                "day": text(step.day),
                "move": step.move.value,
                "before": step.before.value,
                "after": step.after.value,
                "decision": text(step.decision),
            }
            for step in told.steps
        ],
        "decisions": [_decision(each, told.rules) for each in told.decisions],
        "fired": [_fired(each, told.rules) for each in told.fired],
        "owed": [_owed(each) for each in told.owed],
        "refused": [
            {"day": event.day, "kind": event.kind.value, "document": event.document, "code": problem.code}
            | {lang: problem.what(lang) for lang in LANGUAGES}
            for event, problem in told.refused
        ],
        "not_applied": list(told.not_applied),
    }


def notice_plain(notice: Notice) -> dict[str, Any]:
    """A notice with its sentences in both languages."""
    return {
        "code": notice.code,
        "certificate": notice.certificate,
        "credit_code": notice.credit_code,
        "holder": notice.holder,
        "district": notice.district,
        "day": notice.day,
        "notice_until": notice.notice_until,
        "appeal_until": notice.appeal_until,
        "title": _said(notice.title),
        "opening": _said(notice.opening),
        "reasons": [_said(each) for each in notice.reasons],
        "closing": [_said(each) for each in notice.closing],
    }


def _owed(owed: Owed) -> dict[str, Any]:
    return {"duty": owed.duty, "number": owed.number, "due": text(owed.due), "handed_in": text(owed.handed_in)}


def _decision(decision: Decision, rules: Surveillance) -> dict[str, Any]:
    return {
        "day": text(decision.day),
        "decision": decision.decision.value,
        "rule": decision.rule,
        "fired": [fired.rule for fired in decision.fired],
        "reasons": [_said(fired_sentence(fired, rules)) for fired in decision.fired],
        "phase": decision.phase.value,
        "notice_until": text(decision.notice_until),
        "appeal_until": text(decision.appeal_until),
        "waits_for_office": decision.waits_for_office,
        "effective_on": text(decision.effective_on),
        "lasts_until": text(decision.lasts_until),
        "closed_on": text(decision.closed_on),
        "unattested": list(unattested_of(decision, rules)),
    }


def unattested_of(decision: Decision, rules: Surveillance) -> tuple[str, ...]:
    """The rules and figures that a decision rests on and that were not seen in an official text, by their keys."""
    return tuple(dict.fromkeys(name for fired in decision.fired for name in unattested(rules, fired.rule)))


def _fired(fired: Fired, rules: Surveillance) -> dict[str, Any]:
    return {"day": text(fired.day), "rule": fired.rule, "decision": fired.decision.value, "reason": _said(fired_sentence(fired, rules))}


def _said(each: Sentence) -> dict[str, str]:
    return {lang: each.text(lang) for lang in LANGUAGES}
