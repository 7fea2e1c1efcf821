"""The HTML report: one file that says what the PDF says, fetches and runs nothing, and prints what users typed as they typed it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from reportlab.platypus import Flowable

from engine.dossier.notes import Head, Note
from engine.report.context import Context, context_of
from engine.report.cover import cover
from engine.report.flow import Heading, Item, Para
from engine.report.marks import NAMES as MARKS
from engine.report.marks import draw_mark
from engine.report.outputs import output_bytes
from engine.report.report import body_of
from engine.report.style import ACCENT, WHITE
from engine.report.svg import COLOUR_NAMES, SvgCanvas, anchor_of, mark_symbol, svg_of
from engine.report.tables import HeavyTable
from engine.report.text import Pen, Rich, Span, break_lines, spans_of, write_lines
from tests.report.fixtures import assessed, dossier, programme
from tests.report.printed import Page, output, page, squeezed
from tests.samples.results import NAMES, assess, main_basis, own_programme
from tests.samples.results import dossier as sample


def report_html(*given: Any) -> str:
    return output_bytes("html", *given)[0].decode()


NASTY = "<b>&\"'</b><script>alert(1)</script> ${x} {y} %s <img src=x onerror=alert(1)> =1+1"
CASES = [(basis, lang) for basis in ("verified", "declared") for lang in ("zh", "en")]
FETCHING = {"script", "link", "img", "iframe", "object", "embed", "form", "input", "button", "video", "audio", "base", "foreignobject"}


@cache
def read(basis: str = "verified", lang: str = "zh") -> Page:
    assessment, made = assessed(basis)
    return Page(report_html(assessment, made, programme(), lang))


def story(name: str, lang: str) -> list[Flowable]:
    context: Context = context_of(assess(name, main_basis(name)), sample(name), own_programme(name), lang, (), "")
    return [*cover(context), *body_of(context)]


# --- the same content as the PDF ---


@pytest.mark.parametrize(("name", "lang"), [*((name, "zh") for name in NAMES), ("dyeing_mill", "en"), ("zero_carbon_park", "en")])
def test_every_heading_text_and_cell_of_the_story_is_there(name: str, lang: str) -> None:
    run, found = squeezed(page(name, lang).text), story(name, lang)
    headings = [flowable.title for flowable in found if isinstance(flowable, Heading)]
    assert [title for title in page(name, lang).headings[1:] if title] == headings
    texts: list[Rich] = []
    for flowable in found:
        if isinstance(flowable, Para):
            texts += [flowable.text, flowable.label] if isinstance(flowable, Item) else [flowable.text]
        if isinstance(flowable, HeavyTable):
            texts += [column.title for column in flowable.columns] if flowable.headed else []
            texts += [part for row in flowable.rows for part in (*row.cells, row.below) if isinstance(part, str | Span | tuple | list)]
    assert [text for text in map(plain, texts) if squeezed(text) not in run] == []


def plain(rich: Rich) -> str:
    return "".join(span.text for span in spans_of(rich))


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_rows_and_sections_that_are_there_once(name: str) -> None:
    found = page(name)
    ids = Counter(found.named("id"))
    assert [text for text, count in ids.items() if count > 1] == []
    targets = {text.removeprefix("#") for text in found.named("href")}
    assert targets - ids.keys() == set()
    assert {anchor_of(item.id) for item in assess(name, main_basis(name)).judged} <= ids.keys()


def test_advice_and_stability_are_in_it() -> None:
    assessment, made = assessed()
    note = Note("到期日历", ("一行说明",), (Head("日期", 1), Head("事项", 3, right=True)), (("2018-05-09", "E28 到期"),), more=3)
    found = Page(report_html(assessment, made, programme(), "zh", (note,), "稳定：结论都不变"))
    assert "稳定：结论都不变" in found.text and "一行说明" in found.text
    assert any(row.texts == ["2018-05-09", "E28 到期"] for row in found.rows)


def test_a_status_is_a_mark_and_a_word() -> None:
    symbols = {text.removeprefix("#") for tag, name, text in read().attributes if tag == "use" and name == "href"}
    assert {"mark-met", "mark-not_met", "mark-undetermined"} <= symbols <= {f"mark-{name}" for name in MARKS}
    assert all(word in read().text for word in ("符合", "不符合", "待定"))


# --- one file that does nothing ---


@pytest.mark.parametrize(("basis", "lang"), CASES)
def test_nothing_is_run_or_fetched(basis: str, lang: str) -> None:
    found = read(basis, lang)
    assert FETCHING & {tag.lower() for tag in found.tags} == set()
    assert [text for text in (*found.named("href"), *found.named("src")) if not text.startswith("#")] == []
    assert [name for _, name, _ in found.attributes if name.startswith("on")] == []
    assert "default-src 'none'; style-src 'unsafe-inline'" in found.named("content")
    assert "url(" not in "".join(found.named("style")) and "@import" not in report_text(basis, lang)


def report_text(basis: str, lang: str) -> str:
    assessment, made = assessed(basis)
    return report_html(assessment, made, programme(), lang)


def test_what_users_typed_is_text_and_nothing_else() -> None:
    assessment, made = assessed()
    applicant = replace(made.applicant, name=NASTY, address=NASTY, products=NASTY)
    first = assessment.criteria[0]._replace(remark=NASTY, number='x" onclick="y')
    changed = replace(assessment, criteria=(first, *assessment.criteria[1:]))
    found = Page(report_html(changed, replace(made, applicant=applicant), programme()))
    assert squeezed(found.text).count(squeezed(NASTY)) >= 4
    assert found.tags == read().tags and {name for _, name, _ in found.attributes} == {name for _, name, _ in read().attributes}


def test_long_texts_and_empty_dossiers_are_written() -> None:
    assessment, made = assessed()
    remark = assessment.criteria[0]._replace(remark="鑫" * 10_000)
    found = Page(report_html(replace(assessment, criteria=(remark, *assessment.criteria[1:])), made, programme()))
    assert found.text.count("鑫") == 10_000
    bare = replace(assessment, gates=(), findings=(), indicators=(), policies=())
    assert "没有列出证明材料" in Page(report_html(bare, dossier(evidence=()), programme())).text


def test_equal_input_gives_equal_text_and_the_language_is_stated() -> None:
    assert report_text("verified", "zh") == report_text("verified", "zh")
    assert read("verified", "zh").named("lang") == ["zh-CN"] and read("verified", "en").named("lang") == ["en"]


def test_it_has_a_light_and_a_dark_look_and_one_for_paper() -> None:
    styles = output("dyeing_mill", "html").decode().partition("<style>")[2].partition("</style>")[0]
    assert "prefers-color-scheme: dark" in styles and "@media print" in styles
    declared = set(re.findall(r"--([a-z]+):", styles))
    assert set(COLOUR_NAMES.values()) <= declared
    assert set(re.findall(r"var\(--([a-z]+)\)", output("dyeing_mill", "html").decode())) <= declared


# --- drawings ---


class Square(Flowable):
    """Every kind of shape, with a text."""

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return 100, 50

    def draw(self) -> None:
        canvas = self.canv
        canvas.setFillColor(ACCENT)
        canvas.rect(10, 5, 20, 8, stroke=0, fill=1)
        canvas.saveState()
        canvas.translate(50, 20)
        canvas.setStrokeColor(WHITE)
        canvas.setDash(3, 2)
        canvas.circle(0, 0, 4, stroke=1, fill=0)
        canvas.restoreState()
        path = canvas.beginPath()
        path.moveTo(0, 0)
        path.lineTo(10, 10)
        path.close()
        canvas.drawPath(path, stroke=1, fill=1)
        pen = Pen(canvas)
        write_lines(pen, break_lines((Span("“甲”，", bold=True), Span("<乙>", colour=ACCENT)), 10, 80), 5, 40, 80, 10, 15, "left")
        pen.finish()


def test_shapes_stand_where_the_page_has_them() -> None:
    drawn = svg_of(Square())
    assert '<rect x="10" y="37" width="20" height="8" fill="var(--accent)"/>' in drawn
    assert '<circle cx="50" cy="30" r="4" fill="none" stroke="var(--paper)" stroke-width="1" stroke-dasharray="3 2"/>' in drawn
    assert '<path d="M0 50 L10 40 Z" fill="var(--accent)"' in drawn
    assert drawn.startswith('<svg role="img" viewBox="0 0 100 50">')


def test_texts_of_drawings_are_text() -> None:
    drawn = svg_of(Square())
    assert re.findall(r"<text [^>]*>([^<]*)</text>", drawn) == ["“甲”，", "&lt;乙&gt;"]
    bold, plain_one = re.findall(r"<text ([^>]*)>", drawn)
    assert 'font-weight="700"' in bold and 'fill="var(--ink)"' in bold and 'font-size="10"' in bold
    assert "font-weight" not in plain_one and 'fill="var(--accent)"' in plain_one


def test_marks_take_the_colour_of_their_word() -> None:
    for name in MARKS:
        assert "currentColor" in mark_symbol(name) and "var(" not in mark_symbol(name)
    canvas = SvgCanvas(10)
    draw_mark(canvas, "met", 0, 0, 10, ACCENT)
    assert "var(--accent)" in "".join(canvas.elements)
