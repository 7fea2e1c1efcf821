"""The pool of people: the same from YAML and CSV, mistakes at their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import Refused
from engine.rounds.pool import Member, read_pool

CODE = "91330424000009208N"
YAML = f"""people:
- id: R1
  name: 张三
  organisation: 嘉兴学院
  role: reviewer
  sectors: ["17", "1820"]
  conflict_districts: [haining]
  former_clients: [{CODE.lower()}]
- {{id: E1, name: 李四, organisation: 省节能中心, role: expert}}
"""
CSV = f"""编号,姓名,单位,身份,行业,回避区域,曾服务单位代码
R1,张三,嘉兴学院,reviewer,17；1820,haining,{CODE.lower()}
,,,,,,
E1,李四,省节能中心,expert,,,
"""


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def refused(path: Path) -> list[tuple[str, int | None]]:
    with pytest.raises(Refused) as caught:
        read_pool(path)
    return [(problem.code, problem.where.line) for problem in caught.value.problems]


@pytest.fixture
def whole() -> tuple[Member, ...]:
    first = {"sectors": ("17", "1820"), "conflict_districts": ("haining",), "former_clients": (CODE,)}
    return (
        Member(id="R1", name="张三", organisation="嘉兴学院", role="reviewer", **first),
        Member(id="E1", name="李四", organisation="省节能中心", role="expert"),
    )


def test_a_pool_from_yaml(tmp_path: Path, whole: tuple[Member, ...]) -> None:
    assert read_pool(written(tmp_path, "pool.yaml", YAML)) == whole


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_pool_from_csv(tmp_path: Path, whole: tuple[Member, ...], encoding: str) -> None:
    assert read_pool(written(tmp_path, "pool.csv", CSV, encoding)) == whole


def test_the_heads_may_be_the_names_of_the_fields(tmp_path: Path, whole: tuple[Member, ...]) -> None:
    heads = "id,name,organisation,role,sectors,conflict_districts,former_clients"
    assert read_pool(written(tmp_path, "pool.csv", CSV.replace(CSV.splitlines()[0], heads))) == whole


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("role: reviewer", "role: judge", ("value_not_allowed", 5)),
        ('"1820"', '"C18"', ("value_malformed", 6)),
        ("id: E1", "id: R1", ("pool_id_twice", 9)),
        (CODE.lower(), CODE[:-1], ("credit_code_length", 8)),
        ("  name: 张三\n", "", ("key_missing", 2)),
        ("conflict_districts", "conflict_district", ("key_unknown", 7)),
    ],
)
def test_mistakes_in_yaml_at_their_lines(tmp_path: Path, old: str, new: str, problem: tuple[str, int]) -> None:
    assert refused(written(tmp_path, "pool.yaml", YAML.replace(old, new, 1))) == [problem]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (",reviewer,", ",judge,", ("value_not_allowed", 2)),
        ("17；1820", "17；C18", ("value_malformed", 2)),
        ("E1,", "R1,", ("pool_id_twice", 4)),
        ("李四", "", ("key_missing", 4)),
        ("曾服务单位代码", "老客户", ("pool_column_unknown", 1)),
        ("回避区域", "行业", ("table_head_twice", 1)),
        ("E1,李四", 'E1,"李四', ("table_csv", 4)),
    ],
)
def test_mistakes_in_csv_at_their_lines(tmp_path: Path, old: str, new: str, problem: tuple[str, int]) -> None:
    found = refused(written(tmp_path, "pool.csv", CSV.replace(old, new, 1)))
    assert found[0] == problem


def test_a_column_that_is_needed_is_named_once(tmp_path: Path) -> None:
    text = "\n".join(line.partition(",")[2] for line in CSV.splitlines())
    assert refused(written(tmp_path, "pool.csv", text)) == [("pool_column_missing", 1)]


def test_every_key_of_the_pool_is_on_the_page() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "rounds_ranking.md").read_text(encoding="utf-8")
    assert {key for key in Member.model_fields if f"`{key}`" not in page} == set()


def test_a_pool_without_anybody_is_refused(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "pool.csv", CSV.splitlines()[0] + "\n"))[0][0] == "value_wrong"
    assert refused(written(tmp_path, "empty.csv", "")) == [("file_empty", None)]
    assert refused(tmp_path / "nowhere.csv") == [("file_unreadable", None)]
