"""Standards that take part in the assessment of another: those it includes, and those that stand in for its unknown figures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.problems import ProblemList, Where
from engine.ruleset import library
from engine.ruleset.schema import Standard

Role = Literal["included", "proxy"]


@dataclass(frozen=True, slots=True)
class Part:
    """A standard beside the main one: ``included`` must be met too, a ``proxy`` is a pre-check that never makes a product pass."""

    loaded: library.LoadedStandard
    role: Role

    @property
    def standard(self) -> Standard:
        """The standard itself."""
        return self.loaded.standard

    @property
    def is_floor(self) -> bool:
        """Whether a product that misses it is not eligible at all."""
        return self.role == "included" and self.standard.layer == "floor"


def load_parts(main: library.LoadedStandard, further: Iterable[tuple[str, Where]], root: Path, problems: ProblemList) -> tuple[Part, ...]:
    """The parts of a standard, each once and in the order they are named; ``further`` are those that a scheme includes.

    What an included standard includes takes part too. One that is both included and a proxy is included.
    """
    found: dict[str, Part] = {}
    seen = {main.standard.ruleset}

    def visit(named: Iterable[tuple[str, Where]], role: Role) -> None:
        for name, where in named:
            if name in seen:
                continue
            seen.add(name)
            loaded = library.load_standard(name, root, problems, where)
            if loaded is not None:
                found[name] = Part(loaded, role)
                visit(_named(loaded, "includes"), role)

    visit([*_named(main, "includes"), *further], "included")
    visit(_named(main, "proxy"), "proxy")
    return tuple(found.values())


def _named(loaded: library.LoadedStandard, key: Literal["includes", "proxy"]) -> list[tuple[str, Where]]:
    return [(name, loaded.located.where((key, i))) for i, name in enumerate(getattr(loaded.standard, key))]


def combined_hash(main: library.LoadedStandard, parts: Iterable[Part]) -> str:
    """The hash of a standard with all its parts: its own where it has none."""
    hashes = [main.sha256, *(part.loaded.sha256 for part in parts)]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
