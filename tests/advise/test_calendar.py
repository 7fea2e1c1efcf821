"""When documents end, and with them today's outcome."""

from __future__ import annotations

from dataclasses import replace

from engine.advise.calendar import Calendar, expiry_calendar
from engine.advise.scene import Scene
from engine.assess.assess import assess_dossier
from engine.dossier.schema import Evidence
from engine.ruleset.programme import Programme
from tests.assess import tiny

PAPER = [tiny.words("paper")]
MADE = tiny.programme(
    {"mark": "10"},
    criteria=[tiny.criterion("must", kind="required", evidence=PAPER), tiny.criterion("may", points="4", evidence=PAPER)],
)
DOCUMENTS = (
    Evidence("D1", "first", issued="2010-01-01", valid_until="2018-03-31"),
    Evidence("D2", "second", issued="2010-01-01", valid_until="2019-12-31"),
    Evidence("D3", "ended", issued="2010-01-01", valid_until="2016-12-31"),
    Evidence("D4", "endless", issued="2010-01-01"),
)


def calendar(must: str, may: str, documents: tuple[Evidence, ...] = DOCUMENTS, made: Programme = MADE) -> Calendar:
    answers = {"must": {"declared": "yes", "evidence": must}, "may": {"declared": "yes", "evidence": may}}
    return expiry_calendar(Scene(made, tiny.dossier(answers=answers, evidence=documents), "declared", None))


def test_every_end_is_a_day_and_the_first_that_changes_the_outcome_is_named() -> None:
    found = calendar("D2", "D1")
    assert [(lapse.day, lapse.documents, lapse.items, lapse.outcome, lapse.stands) for lapse in found.lapses] == [
        ("2018-04-01", ("D1",), ("may",), "eligible", True),
        ("2020-01-01", ("D2",), ("must",), "incomplete", False),
    ]
    assert found.first is not None and found.first.documents == ("D2",)
    assert found.expired == ("D3",)


def test_on_its_last_day_a_document_still_counts() -> None:
    answers = {"must": {"declared": "yes", "evidence": "D1"}}
    dossier = tiny.dossier(answers=answers, evidence=DOCUMENTS)
    on, after = (assess_dossier(MADE, replace(dossier, application_date=day)) for day in ("2018-03-31", "2018-04-01"))
    assert (on.determination.outcome, after.determination.outcome) == ("eligible", "incomplete")


def test_a_second_document_keeps_the_item() -> None:
    assert calendar("D1 D4", "D4").first is None


def test_documents_that_end_on_one_day_stand_together() -> None:
    twins = (replace(DOCUMENTS[0], id="A"), replace(DOCUMENTS[0], id="B"))
    assert [lapse.documents for lapse in calendar("A", "B", twins).lapses] == [("A", "B")]


def test_without_ends_there_is_no_calendar() -> None:
    found = calendar("D4", "D4", (DOCUMENTS[3],))
    assert (found.lapses, found.first) == ((), None)


def test_a_document_of_the_last_day_there_is_does_not_end() -> None:
    assert calendar("F", "F", (replace(DOCUMENTS[0], id="F", valid_until="9999-12-31"),)).lapses == ()
