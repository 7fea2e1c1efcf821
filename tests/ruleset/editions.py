"""Libraries of a few empty standards and schemes, of which only ids and validity matter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.problems import ProblemList
from engine.ruleset.editions import Editions, read_editions
from tests.assess import tiny

DEFAULT = {"since": "2000-01-01"}


def build(root: Path, standards: dict[str, tiny.Data], schemes: dict[str, list[tiny.Data]] | None = None) -> Path:
    """A library with the standards ``green_factory/<name>`` and the programmes of schemes; keys over those of ``tiny``."""
    tiny.write(root, "common/tiny", tiny.common())
    for name, parts in standards.items():
        tiny.write(root, f"green_factory/{name}/ruleset", tiny.standard(ruleset=f"green_factory/{name}", **parts))
    for name, programmes in (schemes or {}).items():
        made = [tiny.scheme(**programme)["programmes"][0] for programme in programmes]
        tiny.write(root, f"schemes/{name}", tiny.scheme(head={"scheme": name, "programmes": made}))
    return root


def edition(since: str | None = "2000-01-01", until: str | None = None, successor: str | None = None, **more: Any) -> tiny.Data:
    return {"in_force": {"since": since, "until": until}, "superseded_by": f"green_factory/{successor}" if successor else None, **more}


def use(standard: str, since: str | None = "2000-01-01", until: str | None = None, **more: Any) -> tiny.Data:
    return {"standard": f"green_factory/{standard}", "in_force": {"since": since, "until": until}, **more}


def read(root: Path) -> Editions:
    problems = ProblemList()
    editions = read_editions(problems, root)
    assert [problem.code for problem in problems] == []
    return editions
