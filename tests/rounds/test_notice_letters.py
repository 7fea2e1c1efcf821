"""Notices of surveillance as letters: everything that the notice states, and nothing beside it."""

from __future__ import annotations

import re

import pytest

from engine.report.letter import letter_bytes
from engine.rounds.names import Names
from engine.rounds.notice_letters import notice_letter, notice_letters
from engine.rounds.surveillance import Notice, history, load_surveillance, notices
from tests.report.reading import read
from tests.rounds.books import SENDER
from tests.rounds.surveillance.made import certificate, event

NAMES = Names(districts={"nanhu": ("南湖区", "Nanhu District")})


def given() -> tuple[Notice, ...]:
    fines = [event(day, "penalty", penalty="fine", amount=amount) for day, amount in (("2018-06-01", 1000), ("2018-09-01", 200_000))]
    return notices(history(certificate(), fines, load_surveillance("jiaxing_2017"), "2018-12-31"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_of_the_notice_is_printed(lang: str) -> None:
    for notice in given():
        content, problems = letter_bytes(notice_letter(notice, NAMES, SENDER, lang), lang)
        run = read(content).run
        for sentence in (notice.title, notice.opening, *notice.reasons, *notice.closing):
            assert re.sub(r"\s", "", sentence.text(lang)) in run, sentence.text(lang)
        assert problems == [] and notice.certificate in run


def test_periods_stand_in_a_table_and_the_day_is_that_of_the_decision() -> None:
    letter = notice_letter(given()[-1], NAMES, SENDER)
    assert letter.day == "2018-09-01" and dict(letter.facts)["所在区县"] == "南湖区"
    assert letter.tables[1].rows == (("提出意见或完成整改", "2018 年 9 月 16 日"), ("申诉", "2018 年 10 月 1 日"))


def test_the_senders_own_routes_are_not_added() -> None:
    run = read(letter_bytes(notice_letter(given()[-1], NAMES, SENDER))[0]).run
    assert "示例领导小组" not in run and run.count("申诉。") == 1


def test_each_notice_has_a_name_and_a_reference_of_its_own() -> None:
    made = notice_letters(given(), NAMES, SENDER)
    assert len(made) == len(given()) == len({one.name for one in made}) == len({one.letter.reference for one in made})
    assert made[-1].name == "C1_2018-09-01_suspension" and made[-1].letter.reference == "2018-09-01-C1-suspension"
