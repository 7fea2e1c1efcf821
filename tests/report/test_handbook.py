"""The handbook says everything that its programme says, in both forms and both languages, and nothing that is not there."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache, cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from engine import load_programme, load_standard_alone, rulesets_root, scheme_ids, scheme_programmes, standard_ids
from engine.assess.sentences import formula_text
from engine.language import parse, to_source
from engine.language.ast import Binary
from engine.problems import Where
from engine.report.handbook import handbook_bytes, handbook_name, write_handbook
from engine.report.handbook_content import handbook
from engine.report.handbook_html import handbook_html
from engine.report.handbook_model import Column, Entry, Field, Fields, Formula, Grid, Handbook, Paragraph, Row, Run, Section
from engine.report.handbook_words import BASES
from engine.ruleset.attestations import AttestedFigure
from engine.ruleset.figures import Attestation
from engine.ruleset.listing import listed_figures
from engine.ruleset.methods import Bands, Membership
from engine.ruleset.programme import Programme
from tests.report import reading

STANDARDS = standard_ids(rulesets_root())
SCHEMES = [f"{scheme}:{kind}:{standard}" for scheme in scheme_ids(rulesets_root()) for kind, standard in scheme_programmes(scheme)]
READ_IN_FULL = [
    *((name, "zh") for name in STANDARDS),
    *((name, "zh") for name in SCHEMES if name.startswith("jiaxing_2017")),
    ("green_factory/miit_2016_586", "en"),
    ("cleaner_production/electroplating_2015", "en"),
    ("green_park/miit_2016_586", "en"),
]


@cache
def programme(name: str) -> Programme:
    if ":" in name:
        scheme, kind, standard = name.split(":")
        return load_programme(scheme, kind, standard=standard)
    return load_standard_alone(name)


@cache
def content(name: str, form: str, lang: str) -> bytes:
    made, problems = handbook_bytes(programme(name), form, lang)
    assert problems == [], "every character is in the fonts"
    return made


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


class Page(HTMLParser):
    """The text of an HTML file, its tags, and what its attributes name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.pieces: list[str] = []
        self._inside_style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self._inside_style = tag == "style"
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self._inside_style = False

    def handle_data(self, data: str) -> None:
        if not self._inside_style:
            self.pieces.append(data)

    @cached_property
    def run(self) -> str:
        return squeezed("".join(self.pieces))

    def named(self, attribute: str) -> list[str]:
        return [value for name, value in self.attributes if name == attribute]


@cache
def page(name: str, lang: str) -> Page:
    return Page(content(name, "html", lang).decode())


@cache
def pdf(name: str, lang: str) -> reading.Read:
    return reading.read(content(name, "pdf", lang))


def runs(part: Any) -> Iterator[Run]:
    """Every piece of text of a handbook."""
    if isinstance(part, Run):
        yield part
    elif is_dataclass(part):
        yield from runs([getattr(part, field.name) for field in fields(part)])
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from runs(inner)


def texts(part: Any) -> Iterator[str]:
    """Every text of a handbook that stands for itself, formulas and heads included."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Run):
        yield "" if part.mark else part.text
    elif isinstance(part, Entry):
        yield from (part.number, part.title, part.worth)
        yield from texts(part.blocks)
    elif isinstance(part, Section):
        yield part.title
        yield from texts((part.blocks, part.sections))
    elif is_dataclass(part):
        yield from texts([getattr(part, field.name) for field in fields(part) if field.name not in ("small", "lang")])
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from texts(inner.title if isinstance(inner, Column) else inner.cells if isinstance(inner, Row) else inner)


# --- what it says -----------------------------------------------------------------------------------------------------


def demanded(made: Programme, lang: str) -> Iterator[str]:
    """What the programme says of each gate, criterion, indicator and rule, taken from its files' own words."""
    for demand in (*made.gates.values(), *made.criteria.values()):
        yield from (demand.number or "", demand.title.in_(lang), demand.requirement.in_(lang), demand.clause)
        yield from (document.in_(lang) for document in demand.evidence)
        yield from (formula_text(text, made, lang) for text in (demand.applies_when, demand.judged_when) if text)
        yield from (formula_text(text, made, lang) for text in demand.method.operands().values())
        if isinstance(demand.method, Bands):
            yield from (step.points for step in demand.method.steps)
        if isinstance(demand.method, Membership):
            yield from (level.level for level in demand.method.levels)
    for indicator in made.indicators.values():
        yield from (indicator.number or "", indicator.title.in_(lang), indicator.clause, (indicator.symbol or "").replace("_", ""))
        parsed = parse(indicator.formula)
        split = isinstance(parsed, Binary) and parsed.operator == "/"
        halves = [to_source(half) for half in (parsed.left, parsed.right)] if split else [indicator.formula]
        yield from (formula_text(half, made, lang) for half in halves)
    for rule in made.rules:
        yield from (rule.clause, rule.text.in_(lang))
    for table in made.tables.values():
        yield from (table.title.in_(lang), *(column.title.in_(lang) for column in table.columns))
        yield from (formula_text(column.formula, made, lang) for column in table.computed)
    for definition in made.inputs.values():
        yield from (definition.title.in_(lang), *(choice.in_(lang) for choice in definition.choices.values()))
    yield from (parameter.title.in_(lang) for parameter in made.parameters.values())
    yield from (note.in_(lang) for note in made.standard.notes)
    yield from (reading_.text.in_(lang) for reading_ in made.standard.readings)


@pytest.mark.parametrize(("name", "lang"), READ_IN_FULL)
def test_everything_the_programme_demands_stands_in_both_forms(name: str, lang: str) -> None:
    wanted = {squeezed(text) for text in demanded(programme(name), lang)}
    assert len(wanted) > 10
    assert [text for text in wanted if text not in page(name, lang).run] == []
    whole = squeezed(pdf(name, lang).text)
    assert [text for text in wanted if text not in without_page_breaks(name, lang) and not parted(text, whole)] == []


@cache
def without_page_breaks(name: str, lang: str) -> str:
    """The text of the PDF without the running heads and feet of its pages, which stand at a page's beginning and end."""
    bodies = []
    for number, text in enumerate(pdf(name, lang).pages, 1):
        lines = text.split("\n")
        bodies.append("\n".join(lines if number == 1 else lines[2:]))
    title = squeezed(programme(name).standard.title.in_(lang))
    joined = squeezed("\n".join(bodies))
    assert title in joined
    return FOOT[lang].sub("", joined)


FOOT = {"zh": re.compile(r"第\d+页/共\d+页"), "en": re.compile(r"Page\d+of\d+")}


@pytest.mark.parametrize(("name", "lang"), READ_IN_FULL[-4:])
def test_both_forms_say_the_same(name: str, lang: str) -> None:
    book = handbook(programme(name), lang)
    said = {squeezed(text) for text in texts(book)}
    assert len(said) > 100
    assert [text for text in said if text not in page(name, lang).run] == []
    whole = squeezed(pdf(name, lang).text)
    assert [text for text in said if text not in whole and not parted(text, whole)] == []


def parted(text: str, whole: str) -> bool:
    """Whether a text that the end of a page parts still stands there, piece by piece in order."""
    at = 0
    for piece in re.findall(r".{1,6}", text):
        at = whole.find(piece, at)
        if at < 0:
            return False
    return True


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", STANDARDS)
def test_every_standard_renders_in_both_languages(name: str, lang: str) -> None:
    assert content(name, "pdf", lang).startswith(b"%PDF")
    assert page(name, lang).tags["h1"] == 1


@pytest.mark.parametrize("name", SCHEMES)
def test_every_programme_of_a_scheme_renders_with_what_it_adds(name: str) -> None:
    made = programme(name)
    run = page(name, "zh").run
    assert squeezed(made.scheme.title.zh) in run
    local = [key for key in made.local if key in {**made.gates, **made.criteria}]
    assert run.count("评价方案增加") == len(local)


def test_points_of_a_scheme_stand_in_the_place_of_the_standards() -> None:
    made = programme("jiaxing_2017:green_factory:")
    entry = next(e for e in entries(handbook(made)) if e.anchor == "e-infrastructure.project_approval")
    assert entry.worth == "必选 · 最高 10 分"


def entries(book: Handbook) -> Iterator[Entry]:
    for _, section in book.walk():
        yield from (block for block in section.blocks if isinstance(block, Entry))


def test_every_gate_criterion_and_indicator_has_an_entry_in_order() -> None:
    made = programme("green_factory/gbt_36132_2018")
    found = [entry.anchor for entry in entries(handbook(made))]
    by_dimension = [key for name in made.dimensions for key, criterion in made.criteria.items() if criterion.dimension == name]
    assert found == [f"e-{name}" for name in (*made.gates, *by_dimension, *made.indicators)]


def test_a_quotient_is_set_one_over_the_other() -> None:
    made = programme("green_factory/gbt_36132_2025")
    entry = next(entry for entry in entries(handbook(made)) if entry.number == "F25-1")
    formula = next(block for block in entry.blocks if isinstance(block, Formula))
    assert (formula.head, formula.subscript, formula.above, formula.below) == ("E", "ui", "综合能耗（不含用作原料的能源）", "合格产品产量")


# --- provenance -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "不得重复。全年十二个月逐月填写。用于："), ("en", "each once. All twelve months of the year. Used by:")]
)
def test_what_is_said_of_a_table_is_said_in_sentences(lang: str, said: str) -> None:
    html = content("green_factory/miit_2016_586", "html", lang).decode()
    assert said in " ".join(re.sub(r"<[^>]*>", "", html).split())


def test_the_legend_explains_every_mark() -> None:
    book = handbook(programme("green_supply_chain/miit_2024_13"))
    assert [run.mark for run in runs(book.legend) if run.mark] == [*BASES, "attested"]


@pytest.mark.parametrize("name", [*STANDARDS, "jiaxing_2017:green_factory:"])
def test_the_list_of_what_is_not_attested_is_whole(name: str) -> None:
    """Each unattested figure has its mark there, cells of reference tables one a table and basis; texts have theirs."""
    made = programme(name)
    section = next(section for _, section in handbook(made).walk() if section.anchor == "unattested")
    listed = Counter(run.mark for run in runs(section.blocks) if run.mark)
    wanted: Counter[str] = Counter()
    cells = set()
    for figure, *_ in listed_figures(made):
        table = figure.name.partition("[")[0]
        if figure.attested_on(""):
            continue
        if table in made.references:
            cells.add((table, figure.basis))
        else:
            wanted[figure.basis] += 1
    wanted += Counter(basis for _, basis in cells)
    sources = [element.source for element in (*made.gates.values(), *made.criteria.values(), *made.rules)]
    wanted += Counter(source.basis.value for source in sources if source.basis.value != "seen")
    wanted["null"] += sum(figure.text is None and key not in made.indexed for key, figure in made.points.items())
    assert listed == +wanted


def test_what_somebody_attested_is_ticked_and_listed() -> None:
    made = programme("jiaxing_2017:green_factory:")
    record = Attestation("张三", "某某研究院", "工信厅节函〔2016〕586号", "第 3 页", "2017-06-01", "2020-12-31")
    stated = [found.figure for found in listed_figures(made) if found.element == "performance.building_density"]
    points = next(figure for figure in stated if figure.name == "points")
    attested = replace(made, attested={points.key: (AttestedFigure(points.text or "", record, Where()),)})
    book = handbook(attested)
    before, after = (Counter(run.mark for run in runs(one.sections)) for one in (handbook(made), book))
    assert (before["attested"], after["attested"]) == (0, 3), "in the score sheet, in the entry, in the list"
    section = next(section for section in book.sections if section.anchor == "attested")
    said = "".join(run.text for run in runs(section.blocks))
    assert [part for part in ("建筑密度", "张三", "某某研究院", "第 3 页", "2020-12-31") if part not in said] == []


def test_a_mark_says_its_basis_to_those_who_cannot_see_it() -> None:
    labels = page("green_factory/miit_2016_586", "en").named("aria-label")
    assert {"seen in the text", "recalled, text not seen", "policy"} <= set(labels)


def test_sources_are_numbered_in_the_order_of_reading() -> None:
    made = programme("green_park/miit_2016_586")
    book = handbook(made)
    numbers = [int(n) for run in runs(book.sections[:-1]) for group in re.findall(r"^ \[([\d, ]+)\]$", run.text) for n in group.split(", ")]
    assert list(dict.fromkeys(numbers)) == list(range(1, max(numbers) + 1))
    keys = [run.text for run in runs(book.sections[-1]) if run.style == "code"]
    assert len(keys) == max(numbers)
    assert all(key in made.sources for key in keys)


def test_an_unknown_figure_is_said_to_be_unknown() -> None:
    text = page("green_factory/miit_2016_586", "zh").run
    assert "官方数值未知" in text


# --- how a conclusion comes about -------------------------------------------------------------------------------------


def determination(name: str) -> list[list[str]]:
    section = next(section for _, section in handbook(programme(name)).walk() if section.anchor == "determination")
    return [["".join(run.text for run in cell) for cell in row.cells] for row in section.blocks[-1].rows]


def test_the_determination_leaves_out_what_cannot_be() -> None:
    assert determination("green_supply_chain/miit_2024_13") == [
        ["1", "不具备资格", "有基本要求不符合"],
        ["2", "尚不完整", "有基本要求待定"],
        ["3", "已评分（方案未设通过线）", "没有规定通过线"],
    ]


def test_the_determination_of_levels_speaks_of_levels() -> None:
    assert determination("cleaner_production/electroplating_2015") == [
        ["1", "未通过", "任何一级都不成立"],
        ["2", "尚不完整", "级别尚不能确定"],
        ["3", "通过", "有一级成立"],
    ]


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("green_factory/gbt_36132_2025", ["合计", "14", "100", "100", ""]),
        ("green_factory/miit_2016_586", ["合计", "63", "100", "", ""]),
    ],
)
def test_points_are_totalled_where_they_add_up(name: str, last: list[str]) -> None:
    """Points of dimensions that are weighted have no sum that means anything."""
    section = next(section for _, section in handbook(programme(name)).walk() if section.anchor == "score")
    grid = next(block for block in section.blocks if isinstance(block, Grid))
    assert ["".join(run.text for run in cell) for cell in grid.rows[-1].cells] == last


# --- the HTML file ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*STANDARDS, "jiaxing_2017:green_park:"])
def test_links_lead_somewhere_and_anchors_are_unique(name: str) -> None:
    found = page(name, "zh")
    ids = Counter(found.named("id"))
    assert [anchor for anchor, count in ids.items() if count > 1] == []
    assert {link.removeprefix("#") for link in found.named("href")} - set(ids) == set()


def test_nothing_is_fetched_and_nothing_runs() -> None:
    found = page("green_factory/gbt_36132_2025", "zh")
    assert {tag for tag in found.tags if tag in ("script", "link", "img", "iframe", "object")} == set()
    assert found.named("src") == []
    assert "url(" not in content("green_factory/gbt_36132_2025", "html", "zh").decode()


def test_texts_are_escaped() -> None:
    hostile = '<script>alert("1")</script>&amp;\'"><img src=x>'
    text = (Run(hostile, target='"x" onclick="y'), Run(hostile, mark="seen"), Run(hostile, "muted"))
    entry = Entry(
        'a"b', hostile, hostile, hostile, (Paragraph(text), Fields((Field(hostile, (text,)),)), Formula(hostile, hostile, hostile, hostile))
    )
    empty = Fields(())
    book = Handbook("zh", hostile, hostile, hostile, hostile, hostile, empty, empty, (Section('s"><b>', hostile, (entry,)),))
    found = Page(handbook_html(book))
    assert {tag for tag in found.tags if tag in ("script", "img", "b")} == set()
    assert found.run.count(squeezed(hostile)) >= 12
    assert "onclick" not in dict(found.attributes)


# --- the PDF ----------------------------------------------------------------------------------------------------------


def test_the_contents_give_the_pages_of_the_sections() -> None:
    name = "green_factory/gbt_36132_2018"
    book = handbook(programme(name))
    with pikepdf.open(io.BytesIO(content(name, "pdf", "zh"))) as document:
        pages = {page_.obj.objgen: number for number, page_ in enumerate(document.pages, 1)}
        with document.open_outline() as outline:
            opened = [item for root in outline.root for item in (root, *root.children)]
        places = {item.title: pages[destination(document, item).objgen] for item in opened}
    first = min(places.values())
    lines = [line for text in pdf(name, "zh").pages[1 : first - 1] for line in text.split("\n")]
    titles = [section.title for _, section in book.walk()]
    assert [line for line in lines if line in titles] == titles
    numbers = [line for line in lines if line.isdigit()]
    assert numbers == [str(places[title]) for title in titles]


def destination(document: pikepdf.Pdf, item: Any) -> Any:
    named = item.destination if item.destination is not None else item.action.D
    found = document.Root.Dests[str(named)] if isinstance(named, pikepdf.Name | pikepdf.String) else named
    return found[0]


def test_every_entry_has_its_bookmark() -> None:
    made = programme("green_supply_chain/miit_2016_586")
    with pikepdf.open(io.BytesIO(content("green_supply_chain/miit_2016_586", "pdf", "zh"))) as document, document.open_outline() as outline:
        titles = list(bookmarks(outline.root))
    assert [gate.number for gate in made.gates.values()] == [
        title.split()[0] for title in titles if title.split()[0] in numbers_of(made.gates)
    ]
    assert {criterion.number for criterion in made.criteria.values()} <= {title.split()[0] for title in titles}


def numbers_of(elements: Any) -> set[str]:
    return {element.number for element in elements.values()}


def bookmarks(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from bookmarks(item.children)


def test_the_pdf_is_sound(tmp_path: Path) -> None:
    if shutil.which("qpdf") is None:
        pytest.skip("qpdf is not installed")
    path = tmp_path / "handbook.pdf"
    path.write_bytes(content("green_factory/gbt_36132_2025", "pdf", "zh"))
    assert subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_bytes_repeat(form: str) -> None:
    name = "green_factory/gbt_36132_2025"
    assert handbook_bytes(programme(name), form, "zh")[0] == content(name, form, "zh")


def test_the_longest_handbook_is_made_in_time() -> None:
    made = programme("green_factory/gbt_36132_2025")
    begin = time.perf_counter()
    handbook_bytes(made, "pdf", "en")
    assert time.perf_counter() - begin < 3


def test_a_file_is_written_and_named_for_what_it_holds(tmp_path: Path) -> None:
    made = programme("jiaxing_2017:green_factory:")
    path = tmp_path / f"{handbook_name(made, 'en')}.html"
    assert write_handbook(made, path, "html", "en") == []
    assert path.read_bytes() == content("jiaxing_2017:green_factory:", "html", "en")
    assert path.name == "jiaxing_2017-green_factory-en.html"
    assert handbook_name(programme("green_park/miit_2016_586")) == "green_park-miit_2016_586-zh"
    assert handbook_name(programme("jiaxing_2017:green_product:tcntac_38_2019")) == "jiaxing_2017-green_product-tcntac_38_2019-zh"
