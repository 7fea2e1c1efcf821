"""Links of a report lead from findings, advice and differences to items, and from items to their calculations."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

import pikepdf
import pytest

from engine.report.context import Context
from engine.report.report import report_bytes
from tests.report.reading import read
from tests.samples.results import assess, dossier, main_basis, own_programme

SAMPLES = ("polyester_filament", "park_three_years", "knit_fabric")


@cache
def content(name: str) -> bytes:
    return report_bytes(assess(name, main_basis(name)), dossier(name), own_programme(name), "zh")[0]


def links(document: pikepdf.Pdf) -> list[Any]:
    return [note for page in document.pages for note in page.obj.get("/Annots", []) if note.Subtype == "/Link"]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_link_leads_to_a_page_of_the_report(name: str) -> None:
    with pikepdf.open(io.BytesIO(content(name))) as document:
        pages = {page.obj.objgen for page in document.pages}
        found = links(document)
        assert len(found) > 30
        assert all(link.Dest[0].objgen in pages for link in found)


def test_the_finding_leads_to_the_criterion_that_it_came_from() -> None:
    run = read(content("polyester_filament")).run
    assert re.search(r"依据：[^见]*见JX-01", run.split("规则结论")[-1])


def test_an_item_leads_to_its_calculation() -> None:
    assert "计算F18-1" in read(content("polyester_filament")).run


def test_an_element_without_a_row_is_no_link() -> None:
    name, places = "dyeing_mill", frozenset({"compliance"})
    context = Context(assess(name, "verified"), dossier(name), own_programme(name), "zh", places=places)
    assert context.link("compliance").link == "compliance" and context.linked == {"compliance"}
    assert not context.link("management_duties").link and context.linked == {"compliance"}
