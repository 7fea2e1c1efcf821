from __future__ import annotations

from typing import Any

import pytest
from reportlab.platypus import Spacer

from engine.report.document import Furniture, build
from engine.report.flow import Para, under_heading
from engine.report.style import HEIGHT, WIDTH
from engine.report.tables import Column, HeavyTable, Row
from engine.report.text import Span
from tests.report.reading import Read, read

COLUMNS = (Column("编号", 60), Column("内容", WIDTH - 60))
FURNITURE = Furniture("zh", "标题", "作者", "主题", "词", "测试", "左", "右", "", "脚")


def rows(count: int) -> list[Row]:
    return [Row((f"R{i:03}", f"第{i}行")) for i in range(count)]


def table(body: list[Row]) -> HeavyTable:
    return HeavyTable(COLUMNS, body)


def laid_out(*flowables: Any) -> Read:
    return read(build(flowables, FURNITURE)[0])


def firsts(part: Any) -> list[str]:
    """The text at the beginning of each row of a part."""
    return [row.blocks[0].lines[0].pieces[0].text for row in part._rows]


def test_every_row_is_printed_once_and_the_head_on_every_page() -> None:
    found = laid_out(table(rows(100)))
    assert len(found.pages) > 2
    assert [page.count("编号") for page in found.pages] == [1] * len(found.pages)
    assert [found.text.count(f"R{i:03}") for i in range(100)] == [1] * 100


def test_a_table_is_split_between_rows() -> None:
    whole = table(rows(10))
    _, height = whole.wrap(WIDTH, HEIGHT)
    first, second = whole.split(WIDTH, height / 2)
    assert first.wrap(WIDTH, HEIGHT)[1] <= height / 2
    assert firsts(first) + firsts(second) == [f"R{i:03}" for i in range(10)]


def test_a_table_whose_first_row_does_not_fit_begins_on_the_next_page() -> None:
    assert table(rows(3)).split(WIDTH, 25) == []


def test_a_group_heading_is_never_last_on_a_page() -> None:
    body = [*rows(2), Row(("组",), kind="group", spans=(2,)), Row(("R900", "组内"))]
    whole = table(body)
    _, height = whole.wrap(WIDTH, HEIGHT)
    first, second = whole.split(WIDTH, height - 2)
    assert firsts(first) == ["R000", "R001"]
    assert firsts(second) == ["组", "R900"]


def test_a_subtotal_is_never_first_on_a_page() -> None:
    whole = table([*rows(3), Row(("小计", "9"), kind="subtotal")])
    _, height = whole.wrap(WIDTH, HEIGHT)
    first, second = whole.split(WIDTH, height - 2)
    assert firsts(second) == ["R002", "小计"]
    assert firsts(first) == ["R000", "R001"]


def test_a_row_that_fits_on_a_page_is_not_split() -> None:
    tall = Row(("R001", "\n".join(f"line{i}" for i in range(40))))
    found = laid_out(table([*rows(20), tall]))
    holder = [page for page in found.pages if "line0\n" in page]
    assert len(holder) == 1 and "line39" in holder[0]


@pytest.mark.parametrize("before", [0, 5])
def test_a_row_taller_than_a_page_is_split_between_lines_and_loses_none(before: int) -> None:
    tall = Row(("高", "\n".join(f"line{i:03}" for i in range(150))), below="\n".join(f"note{i:03}" for i in range(30)), below_from=1)
    found = laid_out(table([*rows(before), tall, Row(("末", "行"))]))
    lines = [line for line in found.text.split("\n") if line.startswith(("line", "note"))]
    assert lines == [f"line{i:03}" for i in range(150)] + [f"note{i:03}" for i in range(30)]
    assert all("编号" in page for page in found.pages)


def test_a_tall_row_under_a_group_heading_keeps_the_heading() -> None:
    tall = Row(("高", "\n".join(f"line{i:03}" for i in range(150))))
    found = laid_out(table([Row(("组",), kind="group", spans=(2,)), tall]))
    assert "组" in found.pages[0] and "line000" in found.pages[0]


def test_an_empty_table_prints_its_head() -> None:
    assert "编号" in laid_out(table([])).text


def test_plain_cells_of_group_and_subtotal_rows_are_bold_and_spans_keep_their_look() -> None:
    laid = table([Row(("组", Span("附注")), kind="subtotal")])._rows[0]
    assert [block.lines[0].pieces[0].bold for block in laid.blocks] == [True, False]


def test_numbers_are_flush_right() -> None:
    columns = (Column("名", 100), Column("数", 100, "right"))
    laid = HeavyTable(columns, [Row(("甲", "1.00")), Row(("乙", "100.00"))])._rows
    ends = {block.x + block.width for row in laid for block in row.blocks[1:]}
    assert len(ends) == 1 and {block.align for row in laid for block in row.blocks[1:]} == {"right"}


@pytest.mark.parametrize("used", range(int(HEIGHT) - 220, int(HEIGHT) - 60, 4))
def test_a_heading_stays_with_the_heading_under_it(used: int) -> None:
    inner = under_heading("（一）待定的事项", 2, [Para("补齐下列数据。"), table(rows(1))])
    pages = laid_out(Spacer(1, used), *under_heading("五　建议", 1, inner)).pages
    assert [("五　建议" in page) for page in pages] == [("（一）" in page) for page in pages]
