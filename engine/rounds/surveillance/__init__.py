"""Surveillance (动态管理): what becomes of certificates after they were issued. Pure functions on plain values; no clock, no store."""

from __future__ import annotations

from engine.rounds.surveillance.conditions import Fired
from engine.rounds.surveillance.due import Document, Due, DueKind, by_district, calendar, calendar_plain, calendar_rows, overdue
from engine.rounds.surveillance.duties import Owed
from engine.rounds.surveillance.events import Certificate, Event, Written, check_words, in_order, written_events
from engine.rounds.surveillance.histories import Decision, History, Step
from engine.rounds.surveillance.ics import calendar_ics
from engine.rounds.surveillance.lowest import LowestOf, Scored, lowest_events, lowest_of
from engine.rounds.surveillance.machine import MOVES, PHASES, Measure, Move, OutOfOrder, Phase, State, move
from engine.rounds.surveillance.notices import Notice, notices
from engine.rounds.surveillance.plain import history_plain, notice_plain
from engine.rounds.surveillance.rules import EventKind, Surveillance, load_surveillance, surveillance_names, unattested
from engine.rounds.surveillance.walk import check_events, decide_on, history, state_on
from engine.rounds.surveillance.wording import Sentence

__all__ = [
    "MOVES",
    "PHASES",
    "Certificate",
    "Decision",
    "Document",
    "Due",
    "DueKind",
    "Event",
    "EventKind",
    "Fired",
    "History",
    "LowestOf",
    "Measure",
    "Move",
    "Notice",
    "OutOfOrder",
    "Owed",
    "Phase",
    "Scored",
    "Sentence",
    "State",
    "Step",
    "Surveillance",
    "Written",
    "by_district",
    "calendar",
    "calendar_ics",
    "calendar_plain",
    "calendar_rows",
    "check_events",
    "check_words",
    "decide_on",
    "history",
    "history_plain",
    "in_order",
    "load_surveillance",
    "lowest_events",
    "lowest_of",
    "move",
    "notice_plain",
    "notices",
    "overdue",
    "state_on",
    "surveillance_names",
    "unattested",
    "written_events",
]
