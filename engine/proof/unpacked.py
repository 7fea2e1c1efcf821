"""A report's bytes without what depends on who deflated them: the lengths of packed streams, and the offsets that follow from those.

Two builds of the deflating library may pack the same bytes differently. A report made with another one is still the same report
where everything unpacked is the same byte for byte, and every length and offset is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.proof.container import inflated

_STREAM = re.compile(rb">>\nstream\n")
_END = b"\nendstream\nendobj\n"
_LENGTH = re.compile(rb"/Length (\d+)")
_PACKED = re.compile(rb"/Filter (?:/FlateDecode|\[ /FlateDecode \])")
_OBJECT = re.compile(rb"^(\d+) 0 obj\n", re.MULTILINE)
_TABLE = re.compile(rb"xref\n0 (\d+)\n0000000000 65535 f \n((?:\d{10} 00000 n \n)*)(trailer\n.*\n)startxref\n(\d+)\n%%EOF\n", re.DOTALL)


def unpacked(content: bytes) -> list[bytes]:
    """The parts of a report as the engine writes it, streams unpacked, lengths and offsets left out.

    Raises ValueError where one of these is wrong.
    """
    start = content.rfind(b"xref\n0 ")
    table = _TABLE.fullmatch(content, start)
    if table is None:
        raise ValueError("cross-reference table")
    parts, offsets = [], list[int]()
    for text, stream, at in _parts(content[:start]):
        offsets += [at + found.start() for found in _OBJECT.finditer(text)]
        parts += [_LENGTH.sub(b"/Length", text), stream]
    stated = [int(line[:10]) for line in table[2].splitlines()]
    if stated != offsets or int(table[4]) != start or int(table[1]) != len(stated) + 1:
        raise ValueError("offsets")
    return [*parts, table[3]]


def _parts(body: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """What stands before each stream, with the stream unpacked and the place where that part begins; the rest with no stream."""
    at = 0
    while found := _STREAM.search(body, at):
        start = found.end()
        dictionary = body[body.rfind(b" obj\n", at, start) : start]
        length = _LENGTH.search(dictionary)
        end = start + int(length[1]) if length else start
        if body[end : end + len(_END)] != _END:
            raise ValueError("length of a stream")
        raw = body[start:end]
        yield body[at:start], inflated(raw) if _PACKED.search(dictionary) else raw, at
        at = end
    yield body[at:], b"", at
