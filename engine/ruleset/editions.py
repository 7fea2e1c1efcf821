"""The editions of a library as their files state them: every standard and every programme, without composing any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.located import Located
from engine.problems import ProblemList, Where
from engine.ruleset import library
from engine.ruleset.load import load_model
from engine.ruleset.schema import Programme, Scheme, Standard


@dataclass(frozen=True, slots=True)
class Edition:
    """One standard as its file states it."""

    standard: Standard
    located: Located

    def where(self, *path: str) -> Where:
        """The place of a key of the file."""
        return self.located.where(path)


@dataclass(frozen=True, slots=True)
class Use:
    """One programme of a scheme, as the scheme's file states it."""

    scheme: Scheme
    programme: Programme
    index: int
    located: Located

    def where(self, *path: str) -> Where:
        """The place of a key of the programme."""
        return self.located.where(("programmes", self.index, *path))


@dataclass(frozen=True, slots=True)
class Editions:
    """Every standard by its id and every programme, in the order of the ids; files that cannot be read are left out."""

    standards: Mapping[str, Edition]
    uses: tuple[Use, ...]

    def successors(self, name: str) -> Iterator[Edition]:
        """The editions that follow on a standard, the next one first; ends where one is not in the library or comes again."""
        seen = {name}
        while (edition := self.standards.get(name)) is not None:
            name = edition.standard.superseded_by or ""
            if name in seen or name not in self.standards:
                return
            seen.add(name)
            yield self.standards[name]


def read_editions(problems: ProblemList, rulesets: Path | None = None, *, scheme: str | Path | None = None) -> Editions:
    """Read the library; with ``scheme`` (id or file) that one stands for all schemes. Mistakes of files go to ``problems``."""
    root = rulesets or library.rulesets_root()
    standards: dict[str, Edition] = {}
    for name in library.standard_ids(root):
        standard, located = load_model(root / name / "ruleset.yaml", Standard, problems, f"{root.name}/{name}/ruleset.yaml")
        if standard is not None:
            standards[name] = Edition(standard, located)
    uses: list[Use] = []
    for wanted in library.scheme_ids(root) if scheme is None else (scheme,):
        loaded = library.load_scheme(wanted, root, problems)
        if loaded is not None:
            uses += [Use(loaded.scheme, programme, i, loaded.located) for i, programme in enumerate(loaded.scheme.programmes)]
    return Editions(standards, tuple(uses))
