"""Energy taken apart by carrier and month adds up to the total that was assessed."""

from __future__ import annotations

import pytest

from engine.assess.breakdown import breakdown
from engine.report.context import Context
from engine.report.energy import energy
from engine.report.flow import Captioned
from engine.report.plots import Mix
from tests.samples.results import assess, dossier, main_basis, own_programme


def parts(name: str, indicator: str = "energy_total", by: str = "carrier") -> object:
    return breakdown(assess(name, main_basis(name)), own_programme(name), dossier(name), indicator, by, "month")


@pytest.mark.parametrize("name", ["dyeing_mill", "cement_2025", "electroplating", "pv_glass_2025"])
def test_the_parts_add_up_to_the_total(name: str) -> None:
    found = parts(name)
    total = next(one for one in assess(name, main_basis(name)).indicators if one.id == "energy_total")
    assert found and sum(found.values()) == total.value.number  # type: ignore[attr-defined]


def test_electricity_of_one_month_is_its_quantity_times_its_coefficient() -> None:
    # 1,404,300 kWh at 0.1229 kgce each
    assert round(float(parts("dyeing_mill")["electricity", "2016-01"]), 5) == 172.58847  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "indicator", "by"),
    [
        ("paper_mill", "energy_total", "carrier"),  # two months are missing
        ("supply_chain", "energy_total", "carrier"),  # no such indicator
        ("dyeing_mill", "plot_ratio", "carrier"),  # no sum
        ("dyeing_mill", "energy_total", "colour"),  # no such column
    ],
)
def test_what_cannot_be_taken_apart_is_left_alone(name: str, indicator: str, by: str) -> None:
    assert parts(name, indicator, by) is None


def test_the_charts_stand_only_where_the_months_are_known() -> None:
    def drawn(name: str) -> list[type]:
        found = energy(Context(assess(name, main_basis(name)), dossier(name), own_programme(name), "zh"))
        return [type(one) for one in found[1]] if found else []

    assert {Mix, Captioned} <= set(drawn("dyeing_mill"))
    assert drawn("paper_mill") == [] and drawn("park_three_years") == []
