"""Terminal and pipe: text that wraps as Chinese does, tables, lists of Problems, help pages. Knows no command."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, JustifyMethod, OverflowMethod, RenderableType
from rich.containers import Lines
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from engine import say

if TYPE_CHECKING:
    from engine import Problem

T = TypeVar("T")

PIPE_WIDTH = 10_000
HELP_WIDTH = 80
MARKS = {"error": ("✗", "red"), "warning": ("!", "yellow"), "note": ("·", "cyan")}

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_OPENING, _CLOSING = "（《〈“‘「『【〔［(\\[", "，。；：、！？）》〉”’」』】〕］…％)\\],.;:!?%"
_WORD = re.compile(rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}]+|[{_OPENING}])[{_CLOSING}]*\s*|\s+")


class Prose(Text):
    """Text that may break between any two Chinese characters, but not before a closing mark or behind an opening one."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """The lines of the text at a width; as plain text where it must not be wrapped."""
        if no_wrap or self.no_wrap:
            return super().wrap(console, width, justify=justify, overflow=overflow, tab_size=tab_size, no_wrap=True)
        wrapped = Lines()
        for paragraph in self.split(allow_blank=True):
            lines = paragraph.divide(break_places(paragraph.plain, width))
            for line in lines:
                line.rstrip_end(width)
            if justify:
                lines.justify(console, width, justify=justify, overflow=overflow or "fold")
            wrapped.extend(lines)
        return wrapped

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """As narrow as the longest piece that cannot be broken."""
        widest = max(map(cell_len, self.plain.splitlines()), default=0)
        return Measurement(max((cell_len(piece.rstrip()) for piece in _WORD.findall(self.plain)), default=0), widest)


def break_places(text: str, width: int) -> list[int]:
    """Where to break a line so that each part fits a width; what fits nowhere is cut."""
    places, used = [], 0
    for match in _WORD.finditer(text):
        piece, start = match[0], match.start()
        if used and used + cell_len(piece.rstrip()) > width:
            places.append(start)
            used = 0
        parts = chop_cells(piece, width) if cell_len(piece.rstrip()) > width else [piece]
        for part in parts[:-1]:
            start += len(part)
            places.append(start)
        used += cell_len(parts[-1])
    return places


_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks of direction: a name that holds one, such as that of a signer, can make the rest of its line read backwards."""


def clean(text: str) -> str:
    """A text without characters that steer a terminal or turn the direction of its lines; they show as their code points."""
    return "".join(c if c == "\n" or not (unicodedata.category(c) == "Cc" or c in _TURNING) else f"<U+{ord(c):04X}>" for c in text)


def prose(text: str, style: str = "") -> Prose:
    """A text ready to be drawn, whatever is in it."""
    return Prose(clean(text), style)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the caller, who decides the exit code."""
        raise BrokenPipeError


class Screen:
    """Standard output or standard error in one language. A pipe gets neither colours nor wrapped lines."""

    def __init__(self, lang: str, stderr: bool, pipe_width: int = PIPE_WIDTH) -> None:
        self.lang = lang
        stream = sys.stderr if stderr else sys.stdout
        piped = not stream.isatty() and not os.environ.get("FORCE_COLOR") and not os.environ.get("COLUMNS")
        width = pipe_width if piped else None
        self.console = _Console(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)

    # --- building blocks ------------------------------------------------------------------------------------------

    def say(self, key: str, **params: object) -> str:
        """A sentence of the command line's catalogue."""
        return say(f"cli.{key}", self.lang, **params)

    def draw(self, renderable: RenderableType) -> None:
        """Draw; without the blanks that fill columns on the right."""
        renderable = Padding(renderable, 0) if isinstance(renderable, Text) else renderable
        with self.console.capture() as captured:
            self.console.print(renderable)
        lines = captured.get().removesuffix("\n").split("\n")
        self.console.file.write("".join(f"{line.rstrip()}\n" for line in lines))

    def line(self, text: str = "", style: str = "", indent: int = 0) -> None:
        """One paragraph."""
        self.draw(Padding(prose(text, style), (0, 0, 0, indent)))

    def heading(self, key: str, **params: object) -> None:
        """A heading with a blank line before it."""
        self.line()
        self.line(self.say(key, **params), "bold")

    def table(
        self, heads: Sequence[str], rows: Iterable[Sequence[str | Text]], right: Sequence[str] = (), fixed: Sequence[str] = ()
    ) -> None:
        """A table with hairlines only. ``heads`` are keys; those in ``right`` hold numbers, those in ``fixed`` are not wrapped."""
        titles = {head: self.say(f"column.{head}") for head in heads}
        self.ruled(titles.values(), rows, [titles[head] for head in right], [titles[head] for head in fixed])

    def ruled(
        self, titles: Iterable[str], rows: Iterable[Sequence[str | Text]], right: Sequence[str] = (), fixed: Sequence[str] = ()
    ) -> None:
        """The same with titles that are texts already."""
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
        for title in titles:
            table.add_column(title, justify="right" if title in right else "left", no_wrap=title in fixed, overflow="fold")
        for row in rows:
            table.add_row(*(cell if isinstance(cell, Text) else prose(cell) for cell in row))
        self.draw(table)

    def progress(self, key: str, items: Sequence[T]) -> Iterator[T]:
        """The items, with a bar while there are several and somebody watches."""
        if len(items) < 2 or not self.console.is_terminal:
            yield from items
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        with Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=self.console, transient=True
        ) as progress:
            yield from progress.track(items, description=self.say(key))

    def counted(self, key: str, total: int, items: Iterable[T]) -> Iterator[T]:
        """The items as they come, with a bar, their rate and the time left while somebody watches."""
        if total < 2 or not self.console.is_terminal:
            yield from items
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as progress:
            task = progress.add_task(self.say(key), total=total, rate="")
            for item in items:
                progress.advance(task)
                speed = progress.tasks[0].speed
                progress.update(task, rate=f"{speed:.1f}/s" if speed else "")
                yield item

    # --- problems -------------------------------------------------------------------------------------------------

    def problems(self, problems: Sequence[Problem]) -> None:
        """Every Problem, by file: mark and word, place, what is wrong, how to fix it; then how many there are."""
        for file in dict.fromkeys(problem.where.file for problem in problems):
            if file:
                self.line(file, "bold")
            for problem in (p for p in problems if p.where.file == file):
                self._problem(problem)
        count = Counter(problem.severity.value for problem in problems)
        counts = [self.say(f"problem.count.{name}", count=count[name]) for name in MARKS if count[name]]
        self.line(self.say("separator").join(counts), "bold")

    def _problem(self, problem: Problem) -> None:
        mark, colour = MARKS[problem.severity.value]
        head = prose(f"  {mark} {self.say(f'problem.{problem.severity.value}')}", colour)
        if place := self._place(problem):
            head.append(f"  {clean(place)}", "dim")
        head.append(f"  {problem.code}", "dim")
        self.draw(head)
        self.line(problem.what(self.lang), indent=4)
        self.line(f"→ {problem.fix(self.lang)}", indent=4)

    def _place(self, problem: Problem) -> str:
        """The place inside the file: line, or sheet and cell, and the element."""
        where = problem.where
        line = self.say("problem.line", line=where.line) if where.line is not None else ""
        cell = self.say("problem.cell", sheet=where.sheet, cell=where.cell) if where.sheet else ""
        return "  ".join(filter(None, (line, cell, where.path)))

    # --- help -----------------------------------------------------------------------------------------------------

    def help(self, command: Any, path: str) -> None:
        """The help page of a command or a group of commands."""
        arguments = [param for param in command.params if param.param_type_name == "argument"]
        options = [param for param in command.params if param.param_type_name == "option" and not param.hidden]
        commands = getattr(command, "commands", {})
        words = [path, self.say("help.options_word"), *(param.metavar or param.name.upper() for param in arguments)]
        self.line(self.say("help.usage", usage=" ".join([*words, *([self.say("help.command_word")] if commands else [])])))
        self.line()
        self.line(command.help)
        self._entries("help.arguments", [(param.metavar or _choices(param), param.help) for param in arguments])
        self._entries("help.options", [(_option(param), param.help) for param in (*options, command.help_option)])
        self._entries("help.commands", [(name, child.help) for name, child in commands.items()])

    def _entries(self, key: str, entries: Sequence[tuple[str, str]]) -> None:
        if not entries:
            return
        self.heading(key)
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for name, text in entries:
            grid.add_row(Text(name, "cyan"), prose(text))
        self.draw(Padding(grid, (0, 0, 0, 2)))


def _option(param: Any) -> str:
    names = ", ".join(sorted(param.opts, key=len))
    return names if param.is_flag else f"{names} {param.metavar or _choices(param)}"


def _choices(param: Any) -> str:
    return "|".join(map(str, param.type_descriptor.choices or (param.name.upper(),)))
