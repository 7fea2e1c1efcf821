"""Content hashes: they change with every byte that takes part, and with nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.ruleset.lint import load_programme, load_standard_alone
from tests.assess import tiny
from tests.assess.tiny import criterion


def library(root: Path) -> Path:
    """A standard with a common file and a table of its own, and a scheme that extends another and uses a second common file."""
    tiny.library(root, {"criteria": [criterion("d.one")]}, {"uses": ["common/extra"]})
    tiny.write(root, "common/extra", tiny.common(common="common/extra", units=[]))
    tiny.write(root, "common/unused", tiny.common(common="common/unused", units=[]))
    tiny.write(root, "green_factory/tiny/tables/figures", tiny.common(common="green_factory/tiny/tables/figures", units=[]))
    tiny.write(root, "green_factory/tiny/examples/one", {"ruleset": "green_factory/tiny", "examples": []})
    tiny.write(root, "schemes/child", {"scheme": "child", "version": "1.0.0", "extends": "tiny"})
    return root


def hashes(root: Path, scheme: str = "child") -> tuple[str, str]:
    programme = load_programme(scheme, rulesets=root)
    return programme.ruleset_identity.sha256, programme.scheme_identity.sha256


@pytest.mark.parametrize(
    ("file", "ruleset", "scheme"),
    [
        ("green_factory/tiny/ruleset.yaml", True, False),
        ("green_factory/tiny/tables/figures.yaml", True, False),
        ("common/tiny.yaml", True, False),
        ("schemes/child.yaml", False, True),
        ("schemes/tiny.yaml", False, True),
        ("common/extra.yaml", False, True),
        ("common/unused.yaml", False, False),
        ("green_factory/tiny/examples/one.yaml", False, False),
    ],
)
def test_a_byte_changes_the_hash_of_what_it_takes_part_in(file: str, ruleset: bool, scheme: bool, tmp_path: Path) -> None:
    before = hashes(library(tmp_path / "before"))
    path = library(tmp_path / "after") / file
    path.write_text(path.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    after = hashes(tmp_path / "after")
    assert (before[0] != after[0], before[1] != after[1]) == (ruleset, scheme)


def test_the_place_of_the_library_does_not_matter(tmp_path: Path) -> None:
    first = library(tmp_path / "one" / "rulesets")
    second = tmp_path / "elsewhere" / "copy"
    shutil.copytree(first, second)
    assert hashes(first) == hashes(second)


def test_a_table_moved_under_another_name_is_another_ruleset(tmp_path: Path) -> None:
    first, second = library(tmp_path / "one"), library(tmp_path / "two")
    tables = second / "green_factory" / "tiny" / "tables"
    (tables / "figures.yaml").rename(tables / "other.yaml")
    assert hashes(first)[0] != hashes(second)[0]


def test_a_scheme_outside_the_library_is_hashed_by_its_name_and_content(tmp_path: Path) -> None:
    root = library(tmp_path / "library")
    found = []
    for folder, mark in (("a", "5"), ("b", "5"), ("c", "6")):
        (tmp_path / folder).mkdir()
        path = tiny.write(tmp_path / folder, "own", tiny.scheme(mark=mark, head={"scheme": "own"}))
        found.append(load_programme(path, rulesets=root).scheme_identity.sha256)
    assert found[0] == found[1] != found[2]


def test_a_standard_has_the_same_hash_alone_and_in_a_scheme(tmp_path: Path) -> None:
    root = library(tmp_path)
    assert load_standard_alone("green_factory/tiny", rulesets=root).ruleset_identity.sha256 == hashes(root)[0]


def test_hashes_are_sha256_in_hexadecimal() -> None:
    programme = load_programme("jiaxing_2017")
    for identity in (programme.ruleset_identity, programme.scheme_identity):
        assert len(identity.sha256) == 64
        assert int(identity.sha256, 16) > 0
