"""Every text of the command line is used: its keys are written without the catalogue's name, which the repository's test cannot see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import cli

ROOT = Path(cli.__file__).parent
EXPLAINERS = ("describe", "derive", "explain", "working")


def keys(node: Any, path: str = "") -> Iterator[str]:
    if isinstance(node, dict) and "zh" not in node:
        for name, child in node.items():
            yield from keys(child, f"{path}.{name}" if path else str(name))
    else:
        yield path


def written(paths: list[Path]) -> tuple[set[str], list[re.Pattern[str]]]:
    """Texts of the code, and patterns of those put together from a literal beginning and something else."""
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    literals = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    beginnings = [node.values[0] for node in nodes if isinstance(node, ast.JoinedStr) and len(node.values) > 1]
    openings = [part.value for part in beginnings if isinstance(part, ast.Constant) and str(part.value).endswith(".")]
    return literals, [re.compile(re.escape(str(opening)) + "[^.]+") for opening in openings]


@pytest.mark.parametrize(
    ("catalogue", "code", "implied"),
    [
        ("cli", [ROOT / "cli.py", *sorted(ROOT.glob("commands/*.py"))], r"column\."),
        (
            "explain",
            [ROOT / f"engine/assess/{name}.py" for name in ("describe", "derive", "explain", "working")],
            r"label\.|figure\.|method\.|working\.",
        ),
    ],
)
def test_every_text_is_used(catalogue: str, code: list[Path], implied: str) -> None:
    """``implied`` are the groups whose last word alone is written."""
    texts = yaml.safe_load((ROOT / "engine/texts" / f"{catalogue}.yaml").read_text(encoding="utf-8"))
    literals, patterns = written(code)

    def used(key: str) -> bool:
        names = {key, f"{catalogue}.{key}", re.sub(f"^({implied})", "", key)}
        return bool(names & literals) or any(p.fullmatch(name) for p in patterns for name in (key, f"{catalogue}.{key}"))

    assert [key for key in keys(texts) if not used(key)] == []


def test_every_head_of_a_table_has_its_text() -> None:
    """A table whose heads are written out would otherwise fail only when it is drawn."""
    columns = yaml.safe_load((ROOT / "engine/texts/cli.yaml").read_text(encoding="utf-8"))["column"]
    calls = [
        (path.name, node.args[0])
        for path in sorted(ROOT.glob("commands/*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "table" and node.args
    ]
    tuples = [(name, given) for name, given in calls if isinstance(given, ast.Tuple)]
    heads = [(name, head.value) for name, given in tuples for head in given.elts if isinstance(head, ast.Constant)]
    assert len(heads) > 50
    assert [(name, head) for name, head in heads if head not in columns] == []
