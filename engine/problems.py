"""The one diagnostic type: what is wrong, where, and how to fix it.

Readers, loaders and lints collect every Problem of an input before they refuse it, so that the user mends a file once.
Wording lives in the catalogue ``texts/problems.yaml`` under the code; a Problem carries only the code and its parameters.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from engine.texts import catalogue, say


class Severity(StrEnum):
    """How much a Problem weighs: an error refuses the input, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_SHOWN = 300
"""A sentence quotes at most so many characters of what a user wrote."""


def _printable(text: str) -> str:
    """A user's text as a sentence may quote it: half surrogates and control characters by their code, long texts cut."""
    if len(text) > _SHOWN:
        text = text[:_SHOWN] + "…"
    return "".join(c if c.isprintable() or c == " " else f"\\u{ord(c):04x}" for c in text)


class Bilingual(str):
    """A parameter that reads differently in each language, such as the title of an input: the Chinese text, and beside it the English."""

    en: str

    def __new__(cls, zh: str, en: str) -> Bilingual:
        text = super().__new__(cls, _printable(zh))
        text.en = _printable(en)
        return text

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Both texts: what another process makes it of again."""
        return str(self), self.en


def system_reason(error: OSError) -> str:
    """Why the system refused a file, in words; in its own where the texts have none."""
    name = errno.errorcode.get(error.errno or 0, "")
    if name in catalogue("statuses")["system"]:
        return Bilingual(*(say(f"statuses.system.{name}", lang) for lang in ("zh", "en")))
    return error.strerror or str(error)


@dataclass(frozen=True, slots=True)
class Where:
    """A place in the user's own file: file and line, or sheet and cell; ``path`` names the element inside it."""

    file: str = ""
    line: int | None = None
    sheet: str = ""
    cell: str = ""
    path: str = ""

    def short(self) -> Where:
        """The place with the file's name alone: a result says nothing of the folders of the machine it was made on."""
        return replace(self, file=re.split(r"[/\\\\]", self.file)[-1])

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f":{self.line}"
        if self.sheet:
            place += f" [{self.sheet}]" if place else f"[{self.sheet}]"
        if self.cell:
            place += f"!{self.cell}"
        if self.path:
            place += f" ({self.path})" if place else self.path
        return place


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: a stable code, its severity, its place, and the parameters of its sentences."""

    code: str
    severity: Severity
    where: Where
    params: tuple[tuple[str, str], ...] = ()

    def what(self, lang: str = "zh") -> str:
        """What is wrong, in one sentence."""
        return say(f"problems.{self.code}.what", lang, **self._params_in(lang))

    def fix(self, lang: str = "zh") -> str:
        """What the user can do about it, in one sentence."""
        return say(f"problems.{self.code}.fix", lang, **self._params_in(lang))

    def _params_in(self, lang: str) -> dict[str, str]:
        return {name: text.en if lang == "en" and isinstance(text, Bilingual) else text for name, text in self.params}

    def to_dict(self, lang: str = "zh") -> dict[str, str]:
        """The Problem as plain text fields, for JSON output; of its file the name alone."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "where": str(self.where.short()),
            "what": self.what(lang),
            "fix": self.fix(lang),
        }


class Refused(Exception):
    """An input could not be used; ``problems`` holds every reason found, errors and warnings."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.where}: {p.code}" for p in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type[Refused], tuple[list[Problem]]]:
        """The problems: what another process makes it of again."""
        return Refused, (self.problems,)


@dataclass(slots=True)
class ProblemList:
    """A collector handed through a reader: add freely, refuse once at the end."""

    problems: list[Problem] = field(default_factory=list)
    _seen: set[Problem] = field(default_factory=set)

    def error(self, code: str, where: Where, **params: object) -> None:
        """Add an error."""
        self._add(Severity.ERROR, code, where, params)

    def warning(self, code: str, where: Where, **params: object) -> None:
        """Add a warning."""
        self._add(Severity.WARNING, code, where, params)

    def note(self, code: str, where: Where, **params: object) -> None:
        """Add a note."""
        self._add(Severity.NOTE, code, where, params)

    def _add(self, severity: Severity, code: str, where: Where, params: dict[str, object]) -> None:
        texts = tuple((name, value if isinstance(value, Bilingual) else _printable(str(value))) for name, value in params.items())
        self.extend([Problem(code, severity, where, texts)])

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add what was collected elsewhere, each Problem once."""
        for problem in problems:
            if problem not in self._seen:
                self._seen.add(problem)
                self.problems.append(problem)

    @property
    def has_errors(self) -> bool:
        """Whether the input must be refused."""
        return any(p.severity is Severity.ERROR for p in self.problems)

    def refuse_if_errors(self) -> None:
        """Raise :class:`Refused` with everything collected, if any of it is an error."""
        if self.has_errors:
            raise Refused(list(self.problems))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)
