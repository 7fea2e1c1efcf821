"""The errors of this room: a stable code (a key of ``texts/problems.yaml``) and the parameters of its sentences."""

from __future__ import annotations

from dataclasses import dataclass

_SHOWN = 60


def shorten(text: str) -> str:
    """The text as an error quotes it: a pasted page must not become a page of error."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


class LanguageError(ValueError):
    """A text that cannot be read; callers turn it into a Problem with ``error.code`` and ``**error.params``."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code + "".join(f" {key}={value!r}" for key, value in params.items()))
        self.code = code
        self.params = params


class NumberError(LanguageError):
    """A text that is not one exact decimal number."""


class UnitError(LanguageError):
    """A unit text that is unknown, unreadable, or of another dimension than the one asked for."""

    def __init__(self, code: str, *, suggestions: tuple[str, ...] = (), **params: str) -> None:
        super().__init__(code, **params)
        self.suggestions = suggestions


@dataclass(frozen=True, slots=True)
class ExpressionError:
    """One mistake in an expression; ``position`` counts characters from 0, the parameter ``column`` from 1."""

    code: str
    position: int
    params: tuple[tuple[str, str], ...] = ()

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the sentences, ready for ``ProblemList.error(code, where, **parameters)``."""
        return {"column": str(self.position + 1), **dict(self.params)}


class InvalidExpression(ValueError):
    """An expression that was refused; ``errors`` holds every mistake found, in the order of the text."""

    def __init__(self, text: str, errors: tuple[ExpressionError, ...]) -> None:
        super().__init__("; ".join(f"{e.position}: {e.code} {dict(e.params)}" for e in errors))
        self.text = text
        self.errors = errors
