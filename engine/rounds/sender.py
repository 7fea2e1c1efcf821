"""Who sends a round's papers, and what they may say of objections and appeals: only what the office gives here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from engine.located import read
from engine.problems import ProblemList
from engine.report.office import long_day
from engine.ruleset.load import validate
from engine.ruleset.schema import Model, Text
from engine.ruleset.validity import CalendarDay
from engine.texts import say


class Route(Model):
    """To whom one turns, within how many days, and by which document; what is empty is not mentioned."""

    to: Text
    days: Annotated[int, Field(ge=0)] | None = None
    document: str = ""


class Sender(Model):
    """The office as its papers name it; days are ISO text.

    ``reference`` is the form of reference numbers: ``{round}``, ``{number}`` and ``{kind}`` in it are replaced. Nothing is said of
    objections, appeals and handing in again where they are not given.
    """

    office: Text
    day: CalendarDay
    place: str = ""
    contact: str = ""
    reference: str = "{round}-{number}-{kind}"
    objection: Route | None = None
    appeal: Route | None = None
    resubmit_until: CalendarDay | Literal[""] = ""

    def reference_of(self, round_: str, number: str, kind: str) -> str:
        """The reference number of a paper."""
        text = self.reference
        for name, value in (("round", round_), ("number", number), ("kind", kind)):
            text = text.replace("{" + name + "}", value)
        return text

    def routes(self, lang: str) -> tuple[str, ...]:
        """How to object to a result, and where to go after that."""
        given = (("objection", self.objection), ("appeal", self.appeal))
        return tuple(route_sentence(f"letters.{kind}", route, lang) for kind, route in given if route)

    def again(self, lang: str) -> tuple[str, ...]:
        """Until when what was mended can be handed in again."""
        if not self.resubmit_until:
            return ()
        return (say("letters.resubmit_until", lang, day=long_day(self.resubmit_until, lang)),)


def read_sender(path: Path, day: str) -> Sender:
    """The office of a YAML or JSON file; papers are of ``day`` unless it names one. Raises Refused with every mistake at its line."""
    problems = ProblemList()
    located = read(path, problems)
    if isinstance(located.data, dict):
        located.data.setdefault("day", day)
    sender = validate(located, Sender, problems)
    problems.refuse_if_errors()
    assert sender is not None
    return sender


def route_sentence(key: str, route: Route, lang: str) -> str:
    """A route as one sentence, by the texts under a key."""
    within = say("letters.within", lang, days=route.days) if route.days is not None else ""
    document = say("letters.by_document", lang, document=route.document) if route.document else ""
    return say(key, lang, to=route.to, within=within, document=document)
