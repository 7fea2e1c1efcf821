"""Everything a round sends out comes from one place, under names that a folder takes, and is the same every time."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from engine.rounds.export import PARTS, Publicity, export_files
from engine.rounds.names import Names
from tests.rounds.books import EMPTY, SENDER, book, names

DAYS = Publicity("2017-12-01", "2017-12-15")


def made(parts: Collection[str] = PARTS, lang: str = "zh", publicity: Publicity | None = DAYS) -> dict[str, bytes]:
    return {one.name: one.content for one in export_files(book(), names(), SENDER, lang, parts=parts, publicity=publicity)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_is_made_and_made_alike(lang: str) -> None:
    files = made(lang=lang)
    assert [name for name in files if not name.startswith("letters/")] == [
        "round.xlsx",
        "applications.csv",
        "summary.pdf",
        "catalogue.pdf",
        "catalogue.csv",
        "green_products.pdf",
        "green_products.csv",
        "green_factories.pdf",
        "green_factories.csv",
        "publicity.pdf",
    ]
    assert sum(name.startswith("letters/") for name in files) == 17
    assert files == made(lang=lang)


@pytest.mark.parametrize(("parts", "names_"), [(("csv",), ["applications.csv"]), (("publicity",), ["publicity.pdf"]), ((), [])])
def test_only_the_parts_that_are_asked_for_are_made(parts: tuple[str, ...], names_: list[str]) -> None:
    assert list(made(parts)) == names_


def test_without_days_there_is_no_publicity_list() -> None:
    assert made(("publicity",), publicity=None) == {}


def test_an_empty_round_has_its_files_and_no_letters() -> None:
    files = list(export_files(EMPTY, Names(), SENDER, publicity=DAYS))
    assert len(files) == 10 and all(one.content and not one.problems for one in files)


def test_what_the_fonts_lack_is_reported_with_the_file() -> None:
    found = {one.name: [problem.code for problem in one.problems] for one in export_files(book(), names(), SENDER, parts=("letters",))}
    assert found["letters/33333333_refused.pdf"] == ["glyph_missing"]
    assert [name for name, codes in found.items() if codes] == ["letters/33333333_refused.pdf"]
