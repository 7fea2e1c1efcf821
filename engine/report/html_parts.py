"""What every HTML file of the house has: one file with its styles inside, no script, nothing fetched, readable on a screen and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from engine.texts import say

LINE = "\n"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may do with the file: show it in its own styles, and nothing else."""


@dataclass(frozen=True, slots=True)
class InContents:
    """A line of the table of contents, with those below it."""

    anchor: str
    title: str
    entries: tuple[InContents, ...] = ()


def html_file(title: str, lang: str, styles: Iterable[str], body: str, facts: Mapping[str, str] | None = None) -> str:
    """A whole file as text: its styles by the names of their sheets, its facts as ``meta`` elements."""
    sheets = LINE.join((files(__package__) / f"{name}.css").read_text(encoding="utf-8") for name in styles)
    metas = "".join(f'<meta name="{escape(name)}" content="{escape(text)}">' for name, text in (facts or {}).items())
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        f'<meta name="color-scheme" content="light dark">{metas}<title>{escape(title)}</title><style>\n{sheets}</style>'
    )
    return f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'


def contents(entries: Iterable[InContents], lang: str) -> str:
    """The table of contents."""
    title = escape(say("handbook.contents", lang))
    return f'<nav aria-label="{title}"><p class="nav-title">{title}</p>\n{_list(entries)}</nav>'


def _list(entries: Iterable[InContents]) -> str:
    items = (f"<li>{_link(entry)}{_list(entry.entries) if entry.entries else ''}</li>" for entry in entries)
    return f"<ol>{LINE.join(items)}</ol>"


def _link(entry: InContents) -> str:
    return f'<a href="#{escape(entry.anchor)}">{escape(entry.title)}</a>'


def plain_text(text: str) -> str:
    """A text as typed: escaped, its line ends kept."""
    return escape(text).replace("\n", "<br>")
