"""Page one: what stands side by side on it keeps clear of each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.report.charts import Axis, Bars
from engine.report.context import Context
from engine.report.cover import Card, _card, rests_on
from engine.report.style import SMALL, TABLE, WIDTH
from engine.report.text import text_width
from tests.samples.results import assess, dossier, main_basis, own_programme


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["park_three_years", "park_incomplete_year", "electroplating_cp", "supply_chain"])
def test_notes_keep_clear_of_the_words_around_the_score(name: str, lang: str) -> None:
    made = assess(name, main_basis(name))
    card = _card(Context(made, dossier(name), own_programme(name), lang))
    assert isinstance(card, Card)
    caption = max(text_width(text, SMALL.size) for text in (card.verdict.score_name, card.verdict.score_end))
    left = card.PAD + 2 * card.DISC + 12 + max(line.width for line in card._notes) * TABLE.size
    assert left < WIDTH - card.PAD - caption


def test_bars_give_names_the_room_they_need() -> None:
    name = "MG Green operation and management"
    bars = Bars([Axis(name, "", 0, 1)])
    assert text_width(name, TABLE.size) < bars._name - 8
    assert Bars([Axis("EG", "", 0, 1)])._name == Bars._NAME[0]
    assert Bars([Axis(name * 3, "", 0, 1)])._name == Bars._NAME[1]


def test_seen_figures_are_not_said_to_be_attested() -> None:
    name = "zero_carbon_park"
    made = assess(name, main_basis(name))
    assert made.unattested == made.attested == ()
    text = rests_on(Context(made, dossier(name), own_programme(name), "zh"))
    assert text == "本结论依据的数值都已查见原文或核对确认。"


def test_figures_of_the_whole_assessment_are_not_counted_as_no_items() -> None:
    name = "park_three_years"
    made = assess(name, main_basis(name))
    whole = replace(made, unattested=tuple(found for found in made.unattested if not found.criterion))
    text = rests_on(Context(whole, dossier(name), own_programme(name), "zh"))
    assert text == "本结论依据 5 个未经核对确认的数值（方案自定 5 个），关系到整个评价。"
