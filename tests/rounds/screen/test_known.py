"""What the office knows, from files: every mistake is told at its place."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from engine import Refused
from engine.rounds.screen.conflict import Tie, people
from engine.rounds.screen.known import read_check_costs, read_ties
from tests.rounds.screen.made import sample

CODE = "913304110000010112"


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.where.line) for problem in refused.value.problems]


def test_a_table_and_a_list_say_the_same(tmp_path: Path) -> None:
    ties = (Tie("孙示例", CODE, "顾问"), Tie("示例咨询公司", "某厂", ""))
    assert read_ties(put(tmp_path, "a.csv", f"姓名或机构,关系,申报单位\n孙示例,顾问,{CODE}\n\n示例咨询公司,,某厂\n")) == ties
    listed = f"ties:\n- {{name: 孙示例, applicant: '{CODE}', relation: 顾问}}\n- {{name: 示例咨询公司, applicant: 某厂}}\n"
    assert read_ties(put(tmp_path, "a.yaml", listed)) == ties


def test_mistakes_in_a_table_of_ties_are_told_at_their_lines(tmp_path: Path) -> None:
    wrong = f"name,applicant,relation\n孙示例,,顾问\n李示例,{CODE[:-1]}3,\n,某厂,\n"
    with pytest.raises(Refused) as refused:
        read_ties(put(tmp_path, "a.csv", wrong))
    assert told(refused) == [("screen_cell_missing", 4), ("screen_cell_missing", 2), ("credit_code_check_digit", 3)]


def test_a_table_without_its_heads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_ties(put(tmp_path, "a.csv", "who,whom\n孙示例,某厂\n"))
    assert [code for code, _ in told(refused)] == ["table_head_missing"]


def test_mistakes_in_a_list_of_ties_are_told_at_their_lines(tmp_path: Path) -> None:
    entries = (
        "{name: 孙示例, applicant: 某厂, since: x}",
        "李示例",
        "{name: [周示例], applicant: 某厂}",
        "{name: '（）', applicant: 某厂}",
    )
    wrong = "ties:\n" + "".join(f"- {entry}\n" for entry in entries)
    with pytest.raises(Refused) as refused:
        read_ties(put(tmp_path, "a.yaml", wrong))
    expected = [("screen_column_unknown", 2), ("screen_entry_form", 3), ("screen_entry_form", 4), ("screen_cell_missing", 5)]
    assert told(refused) == expected


@pytest.mark.parametrize("text", ["people: []\n", "- a\n", "ties: 孙示例\n"])
def test_a_file_without_the_list_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_ties(put(tmp_path, "a.yaml", text))
    assert [code for code, _ in told(refused)] == ["screen_list_form"]


def test_costs_are_exact_numbers_by_item(tmp_path: Path) -> None:
    programme, _ = sample("dyeing_mill")
    path = put(tmp_path, "a.yaml", "costs:\n- {item: land_area, cost: 0.1}\n- {item: infrastructure.daylighting, cost: 3}\n")
    assert read_check_costs(path, [programme]) == {"land_area": Fraction(1, 10), "infrastructure.daylighting": Fraction(3)}


def test_mistakes_in_costs_are_told_at_their_lines(tmp_path: Path) -> None:
    programme, _ = sample("dyeing_mill")
    path = put(tmp_path, "a.csv", "核查项,核查费用\nland_aera,1\nland_area,-1\nland_area,much\n")
    with pytest.raises(Refused) as refused:
        read_check_costs(path, [programme])
    expected = [("screen_cost_item", 2), ("screen_cost_number", 3), ("screen_cost_twice", 4), ("screen_cost_number", 4)]
    assert told(refused) == expected
    assert "land_area" in next(iter(refused.value.problems)).fix("en")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("孙示例 李示例", {"孙示例", "李示例"}),
        ("王 伟、李　芳", {"王伟", "李芳"}),
        ("John Smith, Jane Smith", {"johnsmith", "janesmith"}),
        ("", set()),
    ],
)
def test_names_in_one_field_are_told_apart(text: str, names: set[str]) -> None:
    """A surname that stands alone would be shared by half a town."""
    assert people(text) == names
