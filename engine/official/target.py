"""What an import is for: a standard, a programme of a scheme or a common file, with its files and everything that rests on it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.located import Key
from engine.problems import ProblemList, Where
from engine.ruleset import library
from engine.ruleset.lint import load_programme, load_standard_alone
from engine.ruleset.programme import Programme

_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Target:
    """The ruleset of an import by its id; ``kind`` and ``standard`` say which programme of a scheme is meant."""

    name: str
    kind: str | None = None
    standard: str = ""

    def paths(self, root: Path) -> list[Path]:
        """Its own files. Raises Refused where there is no such ruleset."""
        if self._is_standard(root):
            return [root / self.name / "ruleset.yaml", *sorted((root / self.name / "tables").glob("*.yaml"))]
        if self.name in common_ids(root):
            return [root / f"{self.name}.yaml"]
        if self.name in library.scheme_ids(root):
            return [library.scheme_path(self.name, root)]
        known = [*library.standard_ids(root), *library.scheme_ids(root), *common_ids(root)]
        near = ", ".join(difflib.get_close_matches(self.name, known, _SUGGESTIONS)) or ", ".join(known)
        problems = ProblemList()
        problems.error("ruleset_unknown", Where(path=self.name), name=self.name, known=near)
        problems.refuse_if_errors()
        return []

    def programme(self, rulesets: Path | None) -> Programme | None:
        """The programme in which its figures have their titles; of a common file that of the first standard that uses it.

        Raises Refused with every mistake that stands in its files already, and where it is not said which programme is meant.
        """
        root = rulesets or library.rulesets_root()
        if self.name in common_ids(root):
            users = _users(self.name, root)
            return load_standard_alone(users[0], rulesets) if users else None
        if self._is_standard(root):
            return load_standard_alone(self.name, rulesets)
        problems = ProblemList()
        loaded = library.load_scheme(self.name, root, problems)
        problems.refuse_if_errors()
        assert loaded is not None
        kinds = list(dict.fromkeys(programme.programme for programme in loaded.scheme.programmes))
        if self.kind is None and len(kinds) > 1:
            problems.error("kind_needed", Where(path=self.name), scheme=self.name, known=", ".join(kinds))
            problems.refuse_if_errors()
        return load_programme(self.name, self.kind or kinds[0], rulesets, self.standard)

    def place(self, data: Mapping[str, Any], programme: Programme | None) -> tuple[Key, ...]:
        """Where the programme stands in the scheme's own file; other files are taken whole. Raises Refused where it does not."""
        written = data.get("programmes")
        if not isinstance(written, list) or programme is None:
            return ()
        settings = programme.settings
        for i, one in enumerate(written):
            if one.get("programme") == settings.programme and one.get("standard", settings.standard) == settings.standard:
                return ("programmes", i)
        problems = ProblemList()
        known = ", ".join(dict.fromkeys(str(one.get("programme")) for one in written)) or "—"
        problems.error("kind_not_in_scheme", Where(path=self.name), kind=settings.programme, known=known)
        problems.refuse_if_errors()
        return ()

    def resting(self, root: Path) -> Iterator[tuple[str, str, str]]:
        """It and everything that rests on it, as lint is asked for it: an id, with kind and standard for programmes of schemes."""
        standards = _users(self.name, root) if self.name in common_ids(root) else [self.name] if self._is_standard(root) else []
        standards = _with_those_that_take_them_in(standards, root)
        yield from ((standard, "", "") for standard in standards)
        for other in library.scheme_ids(root):
            loaded = library.load_scheme(other, root, ProblemList())
            for programme in loaded.scheme.programmes if loaded else ():
                if {programme.standard, *programme.includes} & set(standards) or self.name in (other, *programme.uses):
                    yield other, programme.programme, programme.standard

    def _is_standard(self, root: Path) -> bool:
        return (root / self.name / "ruleset.yaml").is_file()


def common_ids(root: Path) -> list[str]:
    """The ids of the common files of a library, sorted."""
    return sorted(f"common/{path.stem}" for path in (root / "common").glob("*.yaml"))


def _users(common: str, root: Path) -> list[str]:
    """The standards that use a common file."""
    return [name for name, loaded in _standards(root) if common in loaded.standard.uses]


def _with_those_that_take_them_in(names: list[str], root: Path) -> list[str]:
    """Standards with all that include them or let them stand in, directly or by others."""
    found = dict.fromkeys(names)
    more = bool(names)
    while more:
        taking = [name for name, loaded in _standards(root) if {*loaded.standard.includes, *loaded.standard.proxy} & set(found)]
        more = not set(taking) <= set(found)
        found |= dict.fromkeys(taking)
    return list(found)


def _standards(root: Path) -> Iterator[tuple[str, library.LoadedStandard]]:
    for name in library.standard_ids(root):
        loaded = library.load_standard(name, root, ProblemList())
        if loaded is not None:
            yield name, loaded
