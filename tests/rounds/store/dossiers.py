"""Applicants of a made-up round: a sample of the library under other names and credit codes."""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path

import yaml

from engine import Act
from engine.dossier.codes import check_credit_code
from engine.problems import ProblemList, Where

SCHEME = "national_zero_carbon_2025"
DAY = "2026-04-01"
SAMPLE = Path(__file__).parents[3] / "samples" / "zero_carbon_park.yaml"


@cache
def credit_code(number: int) -> str:
    """A constructed code with valid check digits over an organisation part that begins with 0000."""
    body = f"11330482{number:08d}"
    for inner, last in product("0123456789X", "0123456789ABCDEFGHJKLMNPQRTUWXY"):
        problems = ProblemList()
        check_credit_code(body + inner + last, Where(), problems)
        if not problems.has_errors:
            return body + inner + last
    raise AssertionError(body)


def text_of(number: int, **inputs: str) -> str:
    """A dossier as YAML; ``inputs`` replaces verified values."""
    plain = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    plain["dossier"] = f"T-{number:03d}"
    plain["applicant"] |= {"name": f"示例园区{number}（虚构）", "credit_code": credit_code(number)}
    for name, value in inputs.items():
        plain["inputs"][name]["verified"] = value
    plain["application_date"] = str(plain["application_date"])
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)


def written(folder: Path, *numbers: int, **inputs: str) -> list[Path]:
    """Dossiers of some numbers as files in a folder."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number:03d}.yaml" for number in numbers]
    for number, path in zip(numbers, paths, strict=True):
        path.write_text(text_of(number, **inputs), encoding="utf-8")
    return paths


def act(what: str = "test", subject: str = "2026", why: str = "", by: str = "甲") -> Act:
    return Act(by, "2026-04-01T00:00:00Z", what, subject, why)
