"""The page on surveillance names every key of the rules, every field and every kind of event."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from engine.rounds.surveillance import Event, EventKind, Measure, Phase, State, Surveillance, surveillance_names
from engine.rounds.surveillance.rules import Consecutive, Duty, EventCount, Lasting, Lowest, Overdue, Rule, Term, Then, When

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "surveillance.md").read_text(encoding="utf-8")
NAMED = {word for span in re.findall(r"`([^`\n]+)`", PAGE) for word in re.findall(r"[\w.]+", span)}


def test_every_key_of_the_rules_is_named() -> None:
    forms = (Surveillance, Duty, EventCount, Overdue, Consecutive, Lasting, When, Then, Rule, Lowest, Term)
    assert sorted({name for form in forms for name in form.model_fields} - NAMED) == []


def test_every_field_and_kind_of_an_event_is_named() -> None:
    assert sorted({*(field.name for field in fields(Event)), *EventKind} - NAMED) == []


def test_every_state_measure_and_phase_is_named() -> None:
    assert sorted({*State, *(set(Measure)), *Phase} - NAMED) == []


def test_the_delivered_rules_are_named() -> None:
    assert sorted(set(surveillance_names()) - NAMED) == []
