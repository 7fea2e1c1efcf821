"""Reads the text of a report back out of its PDF by the fonts' own tables, so that the tests need no outside program."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import pikepdf

_OPERATION = re.compile(rb"/(\S+) [\d.]+ Tf|<([0-9a-f]*)> Tj|\[([^\]]*)\] TJ|/(\S+) Do|(BT)")


@dataclass(frozen=True)
class Read:
    """The text of each page, one written piece a line, and the document's own facts."""

    pages: list[str]
    fonts: list[str]
    outline: list[str]
    info: dict[str, str]

    @property
    def text(self) -> str:
        """All pages together."""
        return "\n".join(self.pages)

    @property
    def run(self) -> str:
        """All pages without the line ends that breaking put in and without spaces."""
        return re.sub(r"\s", "", self.text)


def read(pdf: bytes) -> Read:
    """The text and facts of a report."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        tables: dict[bytes, Any] = {}
        pages = [_page(page.obj, tables) for page in document.pages]
        with document.open_outline() as outline:
            titles = [item.title for root in outline.root for item in (root, *root.children)]
        fonts = document.pages[0].obj.Resources.Font
        info = {str(key): str(value) for key, value in document.docinfo.items()}
        return Read(pages, sorted(str(f.BaseFont) for f in fonts.values()), titles, info)


def _page(holder: Any, tables: dict[bytes, Any]) -> str:
    contents = holder.Contents if "/Contents" in holder else holder
    pieces: list[str] = []
    table: dict[int, str] = {}
    for name, codes, moved, form, _ in _OPERATION.findall(contents.read_bytes()):
        if name:
            if name not in tables:
                tables[name] = _to_unicode(holder.Resources.Font["/" + name.decode()])
            table = tables[name]
        elif form:
            pieces.append(_page(holder.Resources.XObject["/" + form.decode()], tables))
        elif codes or moved:
            raw = bytes.fromhex("".join(re.findall(r"<([0-9a-f]*)>", f"<{codes.decode()}>{moved.decode()}")))
            pieces.append("".join(table[int.from_bytes(raw[i : i + 2], "big")] for i in range(0, len(raw), 2)))
    return "\n".join(pieces)


def _to_unicode(font: Any) -> dict[int, str]:
    table: dict[int, str] = {}
    for line in font.ToUnicode.read_bytes().decode("ascii").splitlines():
        if match := re.fullmatch(r"<(\w+)> <(\w+)> <(\w+)>", line):
            first, last, start = (int(number, 16) for number in match.groups())
            table.update((code, chr(start + code - first)) for code in range(first, last + 1))
        elif match := re.fullmatch(r"<(\w+)> <(\w+)>", line):
            table[int(match[1], 16)] = bytes.fromhex(match[2]).decode("utf-16-be")
    return table
