"""How the workbook looks: colours, fonts, formats, and rows as high as their texts."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import Any

GREEN, SAGE, LINE, GREY = "#1F5C3A", "#56796A", "#BFC9C3", "#6B7470"
APPLICANT_FILL, ASSESSOR_FILL, COMPUTED_FILL = "#FFF8E1", "#E6F1EA", "#ECEEED"
APPLICANT, ASSESSOR = "applicant", "assessor"
_HEADING_FONT, BODY_FONT = "微软雅黑", "等线"

_CELL: dict[str, Any] = {
    "font_name": BODY_FONT,
    "font_size": 10,
    "valign": "vcenter",
    "text_wrap": True,
    "border": 1,
    "border_color": LINE,
}
_FORMS: Mapping[str, dict[str, Any]] = {
    "text": {"num_format": "@", "align": "left", "indent": 1},
    "centre": {"num_format": "@", "align": "center"},
    "number": {"num_format": "General", "align": "right", "indent": 1},
    "count": {"num_format": "General", "align": "center"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
    "number_left": {"num_format": "General", "align": "left", "indent": 1},
    "date_left": {"num_format": "yyyy-mm-dd", "align": "left", "indent": 1},
}
_HEAD: dict[str, Any] = {
    "font_name": _HEADING_FONT,
    "font_size": 10,
    "bold": True,
    "font_color": "#FFFFFF",
    "align": "center",
    "valign": "vcenter",
}
_HEAD |= {"text_wrap": True, "border": 1, "border_color": LINE}
_STYLES: Mapping[str, dict[str, Any]] = {
    "title": {"font_name": _HEADING_FONT, "font_size": 16, "bold": True, "font_color": GREEN, "valign": "vcenter"},
    "hint": {"font_name": BODY_FONT, "font_size": 9, "font_color": GREY, "valign": "vcenter"},
    "hint_wrapped": {"font_name": BODY_FONT, "font_size": 9, "font_color": GREY, "valign": "vcenter", "text_wrap": True},
    "section": {"font_name": _HEADING_FONT, "font_size": 11, "bold": True, "font_color": GREEN, "bottom": 2, "bottom_color": GREEN},
    "plain": {"font_name": BODY_FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True},
    "link": _CELL | {"font_color": GREEN, "underline": 1, "indent": 1},
    "head": _HEAD | {"bg_color": GREEN},
    "head_assessor": _HEAD | {"bg_color": SAGE},
    "computed": _CELL | {"bg_color": COMPUTED_FILL, "font_color": GREY, "italic": True, "align": "center"},
    "computed_open": _CELL | {"bg_color": COMPUTED_FILL, "font_color": GREY, "italic": True, "align": "center", "locked": False},
    "field": _CELL | {"bold": True, "font_color": GREEN, "indent": 1},
    "total": _CELL | {"bold": True, "font_color": GREEN, "top": 2, "top_color": GREEN, "indent": 1},
    "total_number": _CELL | {"bold": True, "font_color": GREEN, "top": 2, "top_color": GREEN, "align": "right", "indent": 1},
    "end": {"font_name": BODY_FONT, "font_size": 9, "font_color": GREY, "top": 2, "top_color": GREEN},
    "hidden": {"font_size": 8, "font_color": GREY},
}
_SIDES: Mapping[str, dict[str, Any]] = {
    APPLICANT: {"bg_color": APPLICANT_FILL, "locked": False},
    ASSESSOR: {"bg_color": ASSESSOR_FILL, "locked": False},
    "strong": {"bold": True, "bg_color": ASSESSOR_FILL},
    "met": {"font_color": GREEN, "bold": True},
    "scored": {"font_color": GREEN, "bold": True},
    "not_met": {"font_color": "#9A1B1E", "bold": True},
    "undetermined": {"font_color": "#A86400", "bold": True},
    "not_applicable": {"font_color": GREY},
}
_LEADING, _PADDING, LEAST_HEIGHT, _MOST_HEIGHT = 15.0, 5.0, 20.0, 409.0
"""Points per line of text, above and below it, for the lowest row, and for the highest that Excel has."""
_INDENT, _WASTE = 1, 1.5
_LAST_NARROW = 0x2E7F
_ROW = re.compile(rb'(<row r="([0-9]+)"[^>]*?) customHeight="1"([^>]*>)')


def look_of(style: str) -> dict[str, Any]:
    """The properties of a format: a fixed one by its name, ``applicant.text`` for an open cell, ``.text`` for a locked one.

    ``strong.text`` stands out, ``not_met.text`` is in the colour of a status, ``.number.2`` shows two decimal places.
    """
    side, dot, form = style.partition(".")
    if not dot:
        return _STYLES[style]
    form, _, places = form.partition(".")
    shown = {"num_format": ("0." + "0" * int(places)).rstrip(".")} if places else {}
    return _CELL | _FORMS[form] | _SIDES.get(side, {}) | shown


@cache
def grows(style: str) -> bool:
    """Whether cells of a format wrap their text, so that the row must be as high as it is."""
    return bool(look_of(style).get("text_wrap"))


def height_of(text: str, width: float) -> float:
    """The height in points that a text needs in a cell of so many characters, as far as Excel goes."""
    return min(_LEADING * _lines(text, width) + _PADDING, _MOST_HEIGHT)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a cell of so many characters; Chinese ones count twice, and each break wastes some room."""
    widths = [sum(2 if ord(char) > _LAST_NARROW else 1 for char in line) for line in text.split("\n")]
    return sum(1 if line <= width - _INDENT else math.ceil(line / (width - _INDENT - _WASTE)) for line in widths)


def with_growing_rows(written: BytesIO, growing: Sequence[Mapping[int, float]]) -> bytes:
    """The workbook with heights that Excel may change again: XlsxWriter fixes every height it is given."""
    result = BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            sheet = re.fullmatch(r"xl/worksheets/sheet([0-9]+)\.xml", entry.filename)
            if sheet and int(sheet[1]) <= len(growing):
                free = growing[int(sheet[1]) - 1]
                content = _ROW.sub(lambda m: m[1] + m[3] if int(m[2]) in free else m[0], content)  # noqa: B023 - called at once
            target.writestr(entry, content)
    return result.getvalue()
