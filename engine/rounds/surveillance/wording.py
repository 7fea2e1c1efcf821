"""Sentences as content: a code with its parameters, said in either language when somebody reads it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language import to_text
from engine.rounds.surveillance.conditions import Fired
from engine.rounds.surveillance.events import Event
from engine.rounds.surveillance.rules import Surveillance, whole
from engine.ruleset.schema import Words
from engine.texts import LANGUAGES, say


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text of the catalogue ``surveillance`` by its code, and its parameters; those in both languages are ``Words``."""

    code: str
    params: tuple[tuple[str, str | Words], ...] = ()

    def text(self, lang: str = "zh") -> str:
        """The sentence in one language."""
        return say(f"surveillance.{self.code}", lang, **{k: v.in_(lang) if isinstance(v, Words) else v for k, v in self.params})


def sentence(code: str, **params: str | Words) -> Sentence:
    """A sentence of a code."""
    return Sentence(code, tuple(params.items()))


def both(code: str, **params: str | Words) -> Words:
    """A sentence in both languages at once."""
    said = sentence(code, **params)
    return Words(**{lang: said.text(lang) for lang in LANGUAGES})


def fired_sentence(fired: Fired, rules: Surveillance) -> Sentence:
    """Why a rule fired: its title, the facts, and the clause it stands on."""
    rule = rules.rule(fired.rule)
    clause = f" {rule.clause}" if rule.clause else ""
    return sentence("reason.rule", title=rule.title, facts=_facts(fired, rules), basis=rules.document + clause)


def _facts(fired: Fired, rules: Surveillance) -> Words:
    if fired.owed is not None:
        rule = rules.rule(fired.rule)
        assert rule.when.overdue is not None
        days = str(whole(rule.when.overdue.days))
        return both("reason.overdue", duty=rules.duty(fired.owed.duty).title, due=fired.owed.due.isoformat(), days=days)
    if fired.state is not None and fired.since is not None:
        return both("reason.lasting", state=both(f"state.{fired.state}"), since=fired.since.isoformat())
    if fired.years:
        return both("reason.years", kind=both(f"event.{fired.events[0].kind}"), first=str(fired.years[0]), last=str(fired.years[-1]))
    said = [_event(event, rules) for event in fired.events]
    return Words(**{lang: say("surveillance.reason.between", lang).join(each.in_(lang) for each in said) for lang in LANGUAGES})


def what_happened(event: Event, rules: Surveillance) -> Words:
    """An event without its day and document."""
    details = [both(f"event.{event.kind}")]
    details += [rules.grades[event.grade]] if event.grade in rules.grades else []
    details += [rules.penalties[event.penalty]] if event.penalty in rules.penalties else []
    details += [both("reason.amount", amount=to_text(event.amount))] if event.amount is not None else []
    details += [both(f"result.{event.result}")] if event.result else []
    details += [both("reason.year", year=str(event.year))] if event.year is not None else []
    details += [both("reason.answers", day=event.decision)] if event.decision else []
    return Words(**{lang: say("surveillance.reason.detail", lang).join(each.in_(lang) for each in details) for lang in LANGUAGES})


def _event(event: Event, rules: Surveillance) -> Words:
    return both("reason.event", what=what_happened(event, rules), day=event.day, document=event.document)
