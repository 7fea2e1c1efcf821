from __future__ import annotations

from dataclasses import replace

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from engine import verify_report
from engine.report.qr import SIDE, draw_code
from engine.report.report import report_bytes
from engine.report.style import GRID
from tests.proof.made import assessed, document, report


class Paper:
    """Takes the drawing of a code."""

    def __init__(self) -> None:
        self.code = ""

    def addLiteral(self, code: str) -> None:
        self.code += code


def read(rectangles: list[list[float]]) -> str:
    """What a reader sees in the rectangles of a code; modules as units, four blank ones around."""
    side = int(max(y for _, y, _, _ in rectangles)) + 1
    picture = Image.new("L", (side + 8, side + 8), 255)
    for x, y, width, _ in rectangles:
        for column in range(int(width)):
            picture.putpixel((int(x) + column + 4, side + 3 - int(y)), 0)
    (found,) = zxingcpp.read_barcodes(picture.resize((4 * picture.width, 4 * picture.height), Image.Resampling.NEAREST))
    return found.text


def drawn(text: str) -> str:
    paper = Paper()
    draw_code(paper, text, 10, 20, 66)
    inside = paper.code.split(" cm ")[1].removeprefix("0 0 0 rg ").removesuffix(" f Q")
    return read([[float(number) for number in part.split()] for part in inside.split(" re") if part.strip()])


@pytest.mark.parametrize("text", ["A", "greencert:1:fails:" + "0f" * 32 + ":JX/1/declared", "编号（甲）" * 20, "x" * 400])
def test_a_code_says_what_it_was_made_of(text: str) -> None:
    assert drawn(text) == text


def code_on_page_one(content: bytes) -> str:
    """What the QR code says, read from the rectangles of page one."""
    rectangles: list[list[float]] = []
    for instruction in pikepdf.parse_content_stream(document(content).pages[0].obj):
        match str(instruction.operator):
            case "re" if float(instruction.operands[3]) == 1:
                rectangles.append([float(number) for number in instruction.operands])
    return read(rectangles)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_code_on_page_one_is_that_of_the_report(lang: str) -> None:
    content = report(lang=lang)
    text = code_on_page_one(content)
    made = assessed()[0]
    assert text.startswith(f"greencert:1:{made.determination.outcome}:") and text.endswith(f":{made.id}")
    assert verify_report(content, "report.pdf", text).identical


def test_the_code_of_an_id_in_chinese_can_be_read() -> None:
    assessment, dossier, programme = assessed()
    named = replace(assessment, id="嘉兴绿色〔2017〕1号/方案/declared")
    assert code_on_page_one(report_bytes(named, dossier, programme, "zh")[0]).endswith(":" + named.id)


def test_page_one_leaves_four_modules_around_the_code_blank() -> None:
    """A code of page one has 45 modules at least."""
    assert 4 * GRID >= 4 * SIDE / 45
