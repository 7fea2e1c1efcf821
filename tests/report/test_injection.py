"""What people type prints as they typed it, or is refused with a Problem: markup, marks of direction, emoji, very long texts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.dossier.read import read_dossier
from engine.dossier.schema import Dossier
from engine.problems import Refused
from engine.report.report import report_bytes
from engine.report.text import break_lines
from tests.report.reading import Read, read
from tests.samples.results import SAMPLES, assess, dossier, own_programme

NAME = "silk_dyeing"
MARKUP = '<a href="http://example.com">x</a><img src="file:///etc/passwd"/>{0}%s\\n$(id)=HYPERLINK("x")'


def made(given: Dossier) -> tuple[Read, list[str]]:
    content, problems = report_bytes(assess(NAME, "verified"), given, own_programme(NAME))
    assert b"/URI" not in content and b"/JavaScript" not in content and b"/Launch" not in content
    return read(content), [problem.code for problem in problems]


def named(**changes: str) -> Dossier:
    given = dossier(NAME)
    return replace(given, applicant=replace(given.applicant, **changes))


def test_markup_prints_as_typed_and_fetches_nothing() -> None:
    found, problems = made(named(name=MARKUP, products=MARKUP))
    assert problems == [] and found.run.count(MARKUP.replace(" ", "")) >= 4


@pytest.mark.parametrize(("char", "code"), [("\u202e", "U+202E"), ("\U0001f600", "U+1F600"), ("\ufffc", "U+FFFC")])
def test_what_the_fonts_lack_prints_as_a_box_with_its_code_and_is_told(char: str, code: str) -> None:
    found, problems = made(named(address=f"甲{char}乙"))
    assert problems == ["glyph_missing"] and code in found.text and char not in found.text


def test_a_remark_as_long_as_the_reader_takes_prints_whole() -> None:
    remark = "".join(chr(0x4E00 + i) for i in range(2000))
    changed = assess(NAME, "verified")
    first = replace_remark(changed, remark)
    content, problems = report_bytes(first, dossier(NAME), own_programme(NAME))
    run = read(content).run
    assert problems == [] and all(remark[i : i + 20] in run or cut(run, remark[i : i + 20]) for i in range(0, 2000, 20))


def replace_remark(assessment: object, remark: str) -> object:
    first, *rest = assessment.criteria  # type: ignore[attr-defined]
    return replace(assessment, criteria=(first._replace(remark=remark), *rest))  # type: ignore[type-var]


def cut(run: str, piece: str) -> bool:
    """Whether a piece stands there with a page's foot and head between its parts."""
    return any(piece[:at] in run and piece[at:] in run for at in range(1, len(piece)))


def test_ten_thousand_characters_are_refused_with_a_problem(tmp_path: Path) -> None:
    text = (SAMPLES / f"{NAME}.yaml").read_text(encoding="utf-8").replace("highlights:", "highlights: " + "长" * 10_000 + " #", 1)
    path = tmp_path / "long.yaml"
    path.write_text(text if "长长" in text else f"highlights: {'长' * 10_000}\n{text}", encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read_dossier(path)
    assert [problem.code for problem in caught.value.problems] == ["text_too_long"]


def test_a_word_without_a_break_stays_within_its_column() -> None:
    assert all(line.width <= 20.01 for line in break_lines("W" * 400, 10.0, 200.0))
