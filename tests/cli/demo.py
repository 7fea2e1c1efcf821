"""A small library of rulesets and dossiers for it, and the command line run in this process."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import cli
from tests.assess import tiny

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
LONG = "这一项的名称特别长，长到在八十列的终端里一定放不下而必须换行，但输出到管道时一个字也不能少"


class Ran(NamedTuple):
    """What a run gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def write(root: Path, name: str, data: Any) -> None:
    """Write one file; nothing in it is shared, for aliases are refused."""
    tiny.write(root, name, json.loads(json.dumps(data)))


def build_library(root: Path) -> Path:
    """Two standards and two schemes: ``demo`` with a mark of 12 in 20 points, ``twice`` with two kinds."""
    rate = {"threshold": {"value": "rate", "at_least": "30 %"}}
    parts: dict[str, Any] = {
        "inputs": [tiny.number("built", "m2"), tiny.number("site", "m2")],
        "indicators": [tiny.indicator("rate", "built / site", "%", number="F-1", title={"zh": "建筑密度", "en": "building density"})],
        "gates": [tiny.gate("lawful", number="G-1", title={"zh": "合规", "en": "lawful"}, evidence=[{"zh": "营业执照", "en": "licence"}])],
        "criteria": [
            tiny.criterion("plain", "conform", "4", number="A-01", title={"zh": LONG, "en": "plain"}),
            tiny.criterion("dense", rate, "10", number="A-02", kind="required", title={"zh": "密度达标", "en": "dense enough"}),
            tiny.criterion("extra", "conform", "6", number="A-03", title={"zh": "加分项", "en": "extra"}),
        ],
        "rules": [tiny.rule("sloppy", "not_met(plain)", nonconformity="minor")],
    }
    write(root, "common/tiny", tiny.common())
    write(root, "green_factory/demo/ruleset", tiny.standard(ruleset="green_factory/demo", **parts))
    write(root, "green_park/demo/ruleset", tiny.standard(ruleset="green_park/demo", kind="green_park", **parts))
    settings = {"standard": "green_factory/demo", "mark": "12"}
    write(root, "schemes/demo", tiny.scheme(head={"scheme": "demo", "title": {"zh": "示范方案", "en": "demo scheme"}}, **settings))
    twice = tiny.scheme(head={"scheme": "twice"}, **settings)
    twice["programmes"].append({**twice["programmes"][0], "programme": "green_park", "standard": "green_park/demo"})
    write(root, "schemes/twice", twice)
    examples = {
        "ruleset": "green_factory/demo",
        "examples": [{"example": "at the limit", "given": {"rate": "30 %"}, "expect": {"dense": {"status": "met", "points": "10"}}}],
    }
    write(root, "green_factory/demo/examples/edges", examples)
    return root


def dossier(**changes: Any) -> dict[str, Any]:
    """A complete dossier that passes with 20 of 20 points; ``None`` takes a part or an answer out."""
    answers = {name: {"declared": "yes", "evidence": ["E1"]} for name in ("lawful", "plain", "extra")}
    answers.update(changes.pop("answers", {}))
    plain: dict[str, Any] = {
        "dossier": "T-1",
        "kind": "green_factory",
        "scheme": "demo",
        "year": 2016,
        "application_date": "2017-06-30",
        "applicant": {"name": "嘉兴示例有限公司", "credit_code": "91330402MA28A1B212"},
        "inputs": {"built": {"declared": "40 m2", "evidence": ["E1"]}, "site": {"declared": "100 m2", "evidence": ["E1"]}},
        "answers": {name: answer for name, answer in answers.items() if answer is not None},
        "evidence": [{"id": "E1", "title": "营业执照", "issued": "2010-01-01"}],
    }
    plain.update(changes)
    return {name: part for name, part in plain.items() if part is not None}


def put(folder: Path, name: str = "a.yaml", **changes: Any) -> Path:
    """Write a dossier file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(dossier(**changes), allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


OPEN = {"plain": None, "extra": None}
"""Answers that leave 10 of 20 points open."""


def plain_text(text: str) -> str:
    return ANSI.sub("", text)


def main(*args: object) -> int:
    return cli.main([str(arg) for arg in args])
