"""Tables as csv that a spreadsheet opens as it stands: UTF-8 with a byte order mark, RFC 4180, and no text taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_STARTS = frozenset("=+-@＝＋－＠\t\r\n'")
"""What makes a spreadsheet take a cell for a formula, in full width too; and the apostrophe, so that the one put before is known."""


class Number(NamedTuple):
    """A number by the text that it prints as."""

    text: str


Cell = str | Number


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The file: a row of heads, then the rows. A text that a spreadsheet might take for a formula begins with an apostrophe."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([guarded(head) for head in heads])
    writer.writerows([cell.text if isinstance(cell, Number) else guarded(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula; blanks before its first character do not hide it."""
    first = text.lstrip(" \u00a0\u3000\ufeff")[:1]
    return f"'{text}" if first in _STARTS and first else text
