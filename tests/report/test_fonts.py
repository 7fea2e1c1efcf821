"""The fonts of a document: every character reads back as typed, whatever its code, and what is not used is not embedded."""

from __future__ import annotations

from engine.report.document import Furniture, build
from engine.report.flow import Para
from tests.report.reading import read

FURNITURE = Furniture("zh", "T", "A", "S", "K", "C", "L", "R", "", "F")


def pdf(*texts: str) -> bytes:
    return build([Para(text) for text in texts], FURNITURE)[0]


def test_characters_beyond_the_first_65536_read_back_as_typed() -> None:
    assert "甲🄀🄁乙🄀" in read(pdf("甲🄀🄁乙🄀")).text


def test_a_character_of_the_private_area_is_not_taken_for_another_one() -> None:
    text = read(pdf("甲🄀乙\ue000丙")).text
    assert "甲🄀乙" in text
    assert "U+E000" in text


def test_the_same_texts_in_another_document_before_do_not_change_the_bytes() -> None:
    first = pdf("评价报告", "甲🄁")
    pdf("🄀 另一份报告")
    assert pdf("评价报告", "甲🄁") == first


def test_more_characters_make_a_larger_font() -> None:
    assert len(pdf("评价报告")) < len(pdf("评价报告绿色工厂资源能源环境排放产品管理体系基础设施"))
