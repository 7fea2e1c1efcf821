from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.report.fonts import BOX_MARGIN, BOX_SCALE, REGULAR, font
from engine.report.text import NO_LINE_END, NO_LINE_START, Line, Span, break_lines, one_line, shortened, text_width

EM = 10.0


def texts(lines: Iterable[Line]) -> list[str]:
    return ["".join(piece.text for piece in line.pieces) for line in lines]


def broken(text: str, ems: float) -> list[str]:
    return texts(break_lines(text, EM, ems * EM))


WORDS = st.text("abcdefgh", min_size=1, max_size=6)
HAN = st.text("绿色工厂评价能源资源环境排放", min_size=1, max_size=8)
NUMBERS = st.integers(0, 99999).map(str)
POINTS = st.sampled_from(sorted((NO_LINE_START - set(",.;:!?-–/／·ーㇰ々〻ぁぃぅぇぉっゃゅょァィゥェォッャュョ％‰℃%°»›")) | set("，。")))
OPENINGS = st.sampled_from(sorted(NO_LINE_END - set("\ufffc$¥￥№")))
CLAUSES = st.one_of(HAN, WORDS, NUMBERS, st.tuples(HAN, POINTS).map("".join), st.tuples(OPENINGS, HAN, POINTS).map("".join), st.just(" "))
SENTENCES = st.lists(CLAUSES, min_size=1, max_size=30).map("".join)


@given(SENTENCES, st.floats(14, 40))
def test_nothing_is_lost_but_the_spaces_at_line_ends(text: str, ems: float) -> None:
    assert "".join(broken(text, ems)).replace(" ", "") == text.replace(" ", "")


@given(SENTENCES, st.floats(14, 40))
def test_no_line_is_wider_than_its_column(text: str, ems: float) -> None:
    assert all(line.width <= ems + 1e-3 for line in break_lines(text, EM, ems * EM))


@given(
    HAN.flatmap(lambda first: st.lists(st.one_of(HAN, st.tuples(HAN, POINTS).map("".join)), max_size=30).map(lambda x: first + "".join(x)))
)
def test_no_line_begins_with_a_closing_mark(text: str) -> None:
    assert [line for line in broken(text, 7)[1:] if line[0] in NO_LINE_START] == []


@given(st.lists(st.one_of(HAN, st.tuples(OPENINGS, HAN).map("".join)), min_size=1, max_size=30).map("".join))
def test_no_line_ends_with_an_opening_mark(text: str) -> None:
    assert [line for line in broken(text, 7)[:-1] if line[-1] in NO_LINE_END] == []


@pytest.mark.parametrize(
    ("text", "ems", "lines"),
    [
        ("", 10, [""]),
        ("绿色工厂", 2, ["绿色", "工厂"]),
        ("绿色工厂，合格", 4, ["绿色工", "厂，合格"]),
        ("甲（乙）丙", 3, ["甲", "（乙）", "丙"]),
        ("甲乙（丙", 3, ["甲乙", "（丙"]),
        ("能耗12,345.67吨", 5, ["能耗", "12,345.67", "吨"]),
        ("共 0.32 万元/m2", 5, ["共 0.32", "万元/m2"]),
        ("每万件 2.0656 t/万m", 8, ["每万件 2.0656", "t/万m"]),
        ("green factory", 4, ["green", "factory"]),
        ("third-party body", 4, ["third-", "party", "body"]),
        ("一\n二", 9, ["一", "二"]),
        ("一\r\n\t二\r三", 9, ["一", " 二", "三"]),
        ("一\n\n二", 9, ["一", "", "二"]),
        ("甲乙   丙", 2, ["甲乙", "丙"]),
        ("他说“好”的", 3, ["他说", "“好”", "的"]),
        ("无限……循环", 3, ["无", "限……", "循环"]),
    ],
)
def test_lines_break_where_readers_expect_it(text: str, ems: float, lines: list[str]) -> None:
    assert broken(text, ems) == lines


def test_a_word_wider_than_its_column_is_broken_after_a_joint_if_it_has_one() -> None:
    assert broken("green_factory/miit", 7.5) == ["green_factory/", "miit"]


def test_a_word_without_joints_is_broken_anywhere() -> None:
    lines = broken("A" * 30, 5)
    assert len(lines) > 2 and "".join(lines) == "A" * 30


def test_a_column_narrower_than_a_character_takes_one_a_line() -> None:
    assert broken("绿色工厂", 0.5) == list("绿色工厂")


def test_markup_is_text() -> None:
    assert "".join(broken('<b>&amp;"</b>', 50)) == '<b>&amp;"</b>'


def test_a_character_outside_the_font_is_a_box_as_wide_as_its_code_point() -> None:
    widths = font(REGULAR).widths
    (line,) = break_lines("张𠮷文", EM, 100)
    assert [(piece.text, piece.kind) for piece in line.pieces] == [("张", "text"), ("𠮷", "box"), ("文", "text")]
    assert widths.missing["𠮷"] == "U+20BB7"
    assert line.width == pytest.approx(2 + widths.of("U+20BB7") * BOX_SCALE + 2 * BOX_MARGIN)


@pytest.mark.parametrize("char", ["\x07", "\u202e", "\ud800", "🌱", "\ufffc"])
def test_invisible_and_broken_characters_are_boxes_too(char: str) -> None:
    (line,) = break_lines(f"甲{char}乙", EM, 100)
    assert [piece.kind for piece in line.pieces] == ["text", "box", "text"]


@pytest.mark.parametrize("char", ["㙓", "龥", "䶵", "℃", "²", "·", "①", "\u00a0"])
def test_characters_of_the_font_are_text(char: str) -> None:
    (line,) = break_lines(f"甲{char}乙", EM, 100)
    assert [piece.kind for piece in line.pieces] == ["text"]


def test_a_mark_stays_with_its_word() -> None:
    lines = break_lines((Span("甲乙丙"), Span("", mark="met"), Span("符合")), EM, 4.5 * EM)
    assert [[piece.text for piece in line.pieces] for line in lines] == [["甲乙丙"], ["met", "符合"]]


def test_spans_keep_their_look_across_lines() -> None:
    lines = break_lines((Span("绿色工"), Span("厂评价", bold=True)), EM, 4 * EM)
    assert [[(p.text, p.bold) for p in line.pieces] for line in lines] == [[("绿色工", False), ("厂", True)], [("评价", True)]]


@pytest.mark.parametrize(("whole", "shown"), [(2, ["\U0001f600", "\U0001f600", "…"]), (0, ["…"])])
def test_an_ellipsis_stands_after_a_box_or_in_its_place_never_inside(whole: int, shown: list[str]) -> None:
    """The last character of a name that still fits may be one that the fonts lack."""
    width = whole * text_width("\U0001f600", EM) + text_width("…", EM)
    (line,) = shortened(break_lines("\U0001f600" * 9, EM, width), 1, EM, width)
    assert [(piece.text, piece.kind) for piece in line.pieces] == [(text, "text" if text == "…" else "box") for text in shown]


def test_too_many_lines_end_in_an_ellipsis_within_the_column() -> None:
    lines = shortened(break_lines("绿色工厂评价报告", EM, 3 * EM), 2, EM, 3 * EM)
    assert texts(lines) == ["绿色工", "厂评…"]


def test_one_line_is_cut_only_where_it_must_be() -> None:
    assert one_line("绿色工厂", EM, 4 * EM) == "绿色工厂"
    cut = one_line("绿色工厂", EM, 3.5 * EM)
    assert cut == "绿色…" and text_width(cut, EM) <= 3.5 * EM


@pytest.mark.parametrize(
    ("text", "ems"),
    [
        ("）。", 1.5),
        ("（《甲》）", 4.0),  # both pairs of marks meet
        ("甲），乙", 3.5),
        ("甲（乙", 3.0),
        ("》（", 1.5),
        ("，）。", 2.0),
    ],
)
def test_full_width_marks_that_meet_move_up_by_half(text: str, ems: float) -> None:
    assert text_width(text, EM) == pytest.approx(ems * EM)
    assert break_lines(text, EM, 100 * EM)[0].width == pytest.approx(ems)
