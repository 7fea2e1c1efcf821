"""What stands around every command: the language of its help, its consoles, and the one place where mistakes become exit codes."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from engine import say

if TYPE_CHECKING:
    from commands.tables import Tables
    from engine import Problem, Where

LANGUAGES = ("zh", "en")
DONE, NOT_PASSED, WRONG_INPUT, INTERNAL_FAULT, INTERRUPTED, READER_GONE = 0, 1, 2, 3, 130, 141


# --- language and other options that may stand anywhere ---


def split_globals(args: Sequence[str]) -> tuple[list[str], str | None, bool]:
    """The arguments without ``--lang`` and ``--debug``, which may stand anywhere, with what they say."""
    rest: list[str] = []
    lang, debug = os.environ.get("GREENCERT_LANG") or None, False
    words = iter(args)
    for word in words:
        if word == "--":
            return [*rest, word, *words], lang, debug
        if word == "--lang":
            lang = next(words, "")
        elif word.startswith("--lang="):
            lang = word.removeprefix("--lang=")
        elif word == "--debug":
            debug = True
        else:
            rest.append(word)
    return rest, lang, debug


@dataclass(frozen=True, slots=True)
class Face:
    """What a command is run with: the reader's language; screens are made when something is first drawn."""

    lang: str

    @property
    def out(self) -> Tables:
        """Standard output."""
        return self._screen(False)

    @property
    def err(self) -> Tables:
        """Standard error."""
        return self._screen(True)

    def _screen(self, stderr: bool) -> Tables:
        from commands.tables import Tables

        return Tables(self.lang, stderr)

    def say(self, key: str, **params: object) -> str:
        """A sentence of the command line's catalogue."""
        return say(f"cli.{key}", self.lang, **params)


# --- help in the reader's language ---


class _Localised:
    """Draws the help page in the reader's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Draw the help page instead of formatting it."""
        from commands.screen import HELP_WIDTH, Screen

        Screen(ctx.find_root().obj.lang, stderr=False, pipe_width=HELP_WIDTH).help(self, ctx.command_path)


class Command(_Localised, TyperCommand):
    """A command that refuses surplus arguments in the reader's language."""

    allow_extra_args = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse, then refuse what no argument of the command takes."""
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            refuse("usage_extra", ctx.command_path, words=" ".join(rest))
        return rest


class Group(_Localised, TyperGroup):
    """A group of commands that refuses unknown ones with the nearest known."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a subcommand."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            refuse("usage_command", ctx.command_path, name=args[0], known=", ".join(self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


def localise(command: Any, lang: str) -> Any:
    """Replace the text keys that stand as help of a command, its options and its subcommands by the texts themselves."""
    command.help = say(command.help, lang)
    command.help_option = command.get_help_option(typer.Context(command))
    command.help_option.help = "cli.option.help"
    for param in (*command.params, command.help_option):
        param.help = say(param.help, lang)
    for child in getattr(command, "commands", {}).values():
        localise(child, lang)
    return command


# --- mistakes ---


def refuse(code: str, where: str | Where = "greencert", **params: object) -> None:
    """Refuse the input for one reason; a place that is a text names the command or element."""
    from engine import ProblemList, Where

    problems = ProblemList()
    problems.error(code, Where(path=where) if isinstance(where, str) else where, **params)
    problems.refuse_if_errors()


def check_workbook(out: Path, *, force: bool) -> None:
    """Refuse a path to which no workbook is written: another suffix, or a file that is there already."""
    if out.suffix.lower() != ".xlsx":
        refuse("workbook_name", name=out.name)
    if os.path.exists(out) and not force:
        refuse("file_exists", str(out))


class Boundary:
    """Runs a command so that whatever it raises ends as a sentence and an exit code, in ``code``."""

    def __init__(self, lang: str, debug: bool) -> None:
        self.face, self.debug, self.code = Face(lang), debug, DONE

    def __enter__(self) -> Boundary:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is not None:
            self.code = self._code_of(error)
        return True

    def _code_of(self, error: BaseException) -> int:
        from engine import Refused

        match error:
            case typer.Exit():
                return error.exit_code
            case SystemExit():
                return error.code if isinstance(error.code, int) else INTERNAL_FAULT
            case KeyboardInterrupt() | typer.Abort():
                return INTERRUPTED
            case BrokenPipeError():
                _let_go_of_output()
                return READER_GONE
            case OSError() if error.filename is None and error.errno in _FULL:
                _let_go_of_output()
                self.face.err.problems([_unwritten(error)])
                return WRONG_INPUT
            case Refused():
                self.face.err.problems(error.problems)
                return WRONG_INPUT
            case typer.TyperException():
                return self._usage(error)
        return self._fault(error)

    def _usage(self, error: typer.TyperException) -> int:
        """A mistake in the command line itself; a group without a command has shown its help already."""
        if type(error).__name__ != "NoArgsIsHelpError":
            self.face.err.problems([usage_problem(error)])
        return WRONG_INPUT

    def _fault(self, error: BaseException) -> int:
        if self.debug:
            traceback.print_exception(error)
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        self.face.err.line(self.face.say("fault.what", kind=type(error).__name__, text=str(error), place=place), "bold red")
        if not self.debug:
            self.face.err.line(self.face.say("fault.fix"))
        return INTERNAL_FAULT


def usage_problem(error: typer.TyperException) -> Problem:
    """A mistake in the command line as a Problem; the argument parser's classes are told apart by name, for they are not public."""
    from engine import ProblemList, Where

    problems = ProblemList()
    ctx: Any = getattr(error, "ctx", None)
    param: Any = getattr(error, "param", None)
    where = Where(path=ctx.command_path if ctx else "greencert")
    option = getattr(error, "option_name", "") or _name(param)
    match type(error).__name__:
        case "NoSuchOption":
            known = [name for option in ctx.command.params if not option.hidden for name in option.opts if name.startswith("--")]
            problems.error("usage_option", where, option=option, known=", ".join(known))
        case "MissingParameter":
            problems.error("usage_missing", where, name=option)
        case "BadOptionUsage":
            problems.error("usage_option_value", where, option=option)
        case "BadParameter" if param.type_descriptor.choices:
            problems.error("usage_choice", where, name=option, known=", ".join(param.type_descriptor.choices))
        case _:
            problems.error("usage_wrong", where, reason=error.message)
    return next(iter(problems))


def _name(param: Any) -> str:
    if param is None:
        return "—"
    return str(param.metavar or param.name.upper()) if param.param_type_name == "argument" else max(map(str, param.opts), key=len)


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What writing to standard output fails with where it leads to a file on a disk that is full or gone."""


def _unwritten(error: OSError) -> Problem:
    from engine import ProblemList, Where, system_reason

    problems = ProblemList()
    problems.error("output_unwritable", Where(path="greencert"), reason=system_reason(error))
    return next(iter(problems))


def _let_go_of_output() -> None:
    """Nobody reads standard output any more, or it takes nothing more: what is still buffered for it must not complain at the end."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())


# --- files ---


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A temporary path beside the wanted one, moved there once it is written in full; nothing half-written is left behind.

    Raises Refused where the folder or file cannot be written.
    """
    part = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as err:
        from engine import Where, system_reason

        refuse("file_unwritable", Where(file=str(path)), reason=system_reason(err))
    finally:
        if os.path.exists(part):
            part.unlink()
