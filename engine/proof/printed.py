"""What the pages of a document say: every text as it is written, by the tables that fonts bring for turning codes back into text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from engine.proof.container import stream_bytes

_DEEPEST = 8
"""So deep may drawings stand inside each other."""
_UNKNOWN = "\ufffd"
_HEX = re.compile(rb"<([0-9a-fA-F]*)>|(begin|end)(bfchar|bfrange)|([\[\]])")

Codes = dict[int, str]


def page_texts(document: Any) -> Iterator[list[str]]:
    """The texts of each page in the order they are written. Raises one of ``DAMAGED`` at a page that cannot be read."""
    fonts: dict[Any, Codes] = {}
    for page in document.pages:
        yield list(_texts(page.obj, page.obj.get("/Resources"), fonts, 0))


def _texts(holder: Any, resources: Any, fonts: dict[Any, Codes], depth: int) -> Iterator[str]:
    table: Codes = {}
    for instruction in pikepdf.parse_content_stream(holder):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "Tf":
                table = _codes(resources.Font[str(operands[0])], fonts)
            case "Tj" | "'" | '"':
                yield _decoded(bytes(operands[-1]), table)
            case "TJ":
                yield "".join(_decoded(bytes(part), table) for part in operands[0] if isinstance(part, pikepdf.String))
            case "Do" if depth < _DEEPEST:
                inner = resources.XObject[str(operands[0])]
                if inner.get("/Subtype") == pikepdf.Name.Form:
                    yield from _texts(inner, inner.get("/Resources", resources), fonts, depth + 1)


def _decoded(raw: bytes, table: Codes) -> str:
    return "".join(table.get(int.from_bytes(raw[i : i + 2], "big"), _UNKNOWN) for i in range(0, len(raw), 2))


def _codes(font: Any, fonts: dict[Any, Codes]) -> Codes:
    if font.objgen not in fonts or not font.is_indirect:
        fonts[font.objgen] = codes_of_font(font)
    return fonts[font.objgen]


def codes_of_font(font: Any) -> Codes:
    """From two-byte codes to text; nothing for a font that does not say."""
    return _table(stream_bytes(font.ToUnicode)) if "/ToUnicode" in font else {}


def _table(raw: bytes) -> Codes:
    table: Codes = {}
    kind, listed, numbers = b"", False, list[bytes]()
    for match in _HEX.finditer(raw):
        text, edge, name, bracket = match.groups()
        if edge:
            kind, numbers = (name if edge == b"begin" else b""), []
        elif bracket:
            listed = bracket == b"["
            numbers = numbers if listed else []
        elif kind:
            numbers.append(text)
            _note(table, kind, listed, numbers)
    return table


def _note(table: Codes, kind: bytes, listed: bool, numbers: list[bytes]) -> None:
    """Take in one entry as soon as it is whole: a code and its text, or a range and its first text or all of them."""
    if kind == b"bfchar" and len(numbers) == 2:
        table[int(numbers[0], 16)] = _text(numbers[1])
        numbers.clear()
    elif kind == b"bfrange" and listed and len(numbers) > 2:
        table[int(numbers[0], 16) + len(numbers) - 3] = _text(numbers[-1])
    elif kind == b"bfrange" and not listed and len(numbers) == 3:
        first, last, start = int(numbers[0], 16), int(numbers[1], 16), _text(numbers[2])
        for code in range(first, min(last, first + 0xFFFF) + 1):
            table[code] = start[:-1] + chr(ord(start[-1]) + code - first) if start else ""
        numbers.clear()


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "replace")


_NUMBER = re.compile(r"[-−+]?\d[\d,]*(?:\.\d+)?")


def numbers_of(texts: list[str]) -> list[str]:
    """The numbers among some texts."""
    return [number for text in texts for number in _NUMBER.findall(text)]
