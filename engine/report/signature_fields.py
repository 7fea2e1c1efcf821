"""Places to sign at: empty signature fields in a report, which any program that signs PDF files can fill."""

from __future__ import annotations

from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString

ROLES = ("assessor", "reviewer", "body")
"""Who signs, in this order; a role is the name of its field."""

_PRINTED_AND_LOCKED = 4 + 128
_SIGNATURES_EXIST = 1


def place_field(canvas: Any, role: str, x: float, y: float, width: float, height: float, title: str) -> None:
    """Put the empty field of a role on the page; x and y (its lower left corner) count from the flowable's own origin, in points."""
    document = canvas._doc
    left, bottom = canvas.absolutePosition(x, y)
    blank = PDFStream(
        PDFDictionary({"Type": PDFName("XObject"), "Subtype": PDFName("Form"), "BBox": PDFArray([0, 0, _short(width), _short(height)])}),
        content=b"\n",
        filters=[],
    )
    field = PDFDictionary(
        {
            "Type": PDFName("Annot"),
            "Subtype": PDFName("Widget"),
            "FT": PDFName("Sig"),
            "T": PDFString(role),
            "TU": PDFString(title),
            "F": _PRINTED_AND_LOCKED,
            "Rect": PDFArray([_short(left), _short(bottom), _short(left + width), _short(bottom + height)]),
            "AP": PDFDictionary({"N": document.Reference(blank)}),
        }
    )
    reference = document.Reference(field)
    canvas._annotationrefs.append(reference)
    form = getattr(document.Catalog, "AcroForm", None)
    if form is None:
        form = document.Catalog.AcroForm = PDFDictionary({"SigFlags": _SIGNATURES_EXIST, "Fields": PDFArray([])})
    form.dict["Fields"].sequence.append(reference)


def _short(value: float) -> str:
    return f"{value:.2f}"
