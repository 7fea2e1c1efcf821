"""The report's two fonts: loaded once a process, measured by dictionary, and embedded as one subset each.

Reportlab cuts a TrueType font into subsets of 256 characters, so that Chinese text changes fonts within nearly every line. The
fonts here are written as one two-byte font (Type0, Identity-H) each: smaller pages, and text that copies out as it was typed.
Reportlab's own parser reads the file and makes the subset.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString, PDFZCompress
from reportlab.pdfbase.ttfonts import TTEncoding, TTFontFace

REGULAR, BOLD = "NotoSansSC-Regular", "NotoSansSC-Bold"
BOX_SCALE = 0.6
"""Size of the code point inside the box that stands for a missing character, against the size of the text around it."""
BOX_MARGIN = 0.14
"""Space inside the box left and right of the code point, in ems of the text around it."""

_NO_BREAK_SPACE = 0xA0


class Widths(dict[str, float]):
    """Widths of characters in ems, filled as they are met; a character outside the font is as wide as its box."""

    def __init__(self, face: Any) -> None:
        super().__init__({"\n": 0.0})
        self._face = face
        self.missing: dict[str, str] = {}
        """Characters met so far that the font lacks, with the code point that their box shows."""

    def __missing__(self, char: str) -> float:
        code = ord(char)
        if code in self._face.charToGlyph or code == _NO_BREAK_SPACE:
            width: float = self._face.getCharWidth(code) / 1000
        else:
            self.missing[char] = label = f"U+{code:04X}"
            width = sum(self[c] for c in label) * BOX_SCALE + 2 * BOX_MARGIN
        self[char] = width
        return width

    def of(self, text: str) -> float:
        """The width of a text on one line, in ems."""
        return sum(map(self.__getitem__, text))


class _Codes(dict[str, bytes]):
    """The two-byte code of each character used in one document, in order of first use; code 0 is the missing glyph."""

    def __init__(self) -> None:
        super().__init__()
        self.internal_name = ""

    def __missing__(self, char: str) -> bytes:
        code = self[char] = (len(self) + 1).to_bytes(2, "big")
        return code


class EmbeddedFont:
    """A TrueType font in the shape that reportlab's canvas expects of a font with dynamic subsets; it has one, numbered 0."""

    _multiByte = 1
    _dynamicFont = 1
    shapable = False

    def __init__(self, name: str, path: str) -> None:
        self.fontName = name
        self.face = TTFontFace(path)
        self.encoding = TTEncoding()
        self.widths = Widths(self.face)
        self._documents: WeakKeyDictionary[Any, _Codes] = WeakKeyDictionary()
        self._lock = Lock()

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:
        """The width of a text in points."""
        return self.widths.of(text) * size

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        """The text as codes of the one subset."""
        return [(0, self.codes(text, doc))]

    def codes(self, text: str, doc: Any) -> bytes:
        """The text as two-byte codes of the subset in a document, new characters getting the next free ones."""
        return b"".join(map(self._codes(doc).__getitem__, text))

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:
        """The name of the font in the pages of a document; the first call asks for its objects."""
        codes = self._codes(doc)
        if not codes.internal_name:
            codes.internal_name = f"F{len(doc.fontMapping) + 1}+0"
            doc.fontMapping[self.fontName] = "/" + codes.internal_name
            doc.delayedFonts.append(self)
        return "/" + codes.internal_name

    def _codes(self, doc: Any) -> _Codes:
        codes = self._documents.get(doc)
        if codes is None:
            codes = self._documents[doc] = _Codes()
        return codes

    def addObjects(self, doc: Any) -> None:
        """Add the font with the characters used to the document. The subset's name is a hash of them, so equal pages give equal files."""
        codes = self._documents.pop(doc)
        chars = [ord(char) for char in codes]
        tag = hashlib.sha256(repr(chars).encode()).digest()
        name = "".join(chr(65 + byte % 26) for byte in tag[:6]) + "+" + self.fontName
        with self._lock:  # the parser reads through a position of its own
            descriptor = self.face.addSubsetObjects(doc, name, chars)
        widths = PDFArray([1, PDFArray([round(self.face.getCharWidth(code)) for code in chars])])
        descendant = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("CIDFontType2"),
                "BaseFont": PDFName(name),
                "CIDSystemInfo": PDFDictionary({"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}),
                "FontDescriptor": descriptor,
                "DW": 1000,
                "W": widths,
                "CIDToGIDMap": doc.Reference(_stream(self._glyphs(chars), doc)),
            }
        )
        font = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type0"),
                "BaseFont": PDFName(name),
                "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([doc.Reference(descendant)]),
                "ToUnicode": doc.Reference(_stream(_to_unicode(name, chars), doc)),
            }
        )
        doc.idToObject["BasicFonts"].dict[codes.internal_name] = doc.Reference(font, codes.internal_name)

    def _glyphs(self, chars: list[int]) -> bytes:
        """From code to glyph of the subset, which is numbered by first use and holds a glyph shared by two characters once."""
        numbers = {0: 0}
        glyphs = [0]
        for code in chars:
            glyph = self.face.charToGlyph.get(code, 0)
            glyphs.append(numbers.setdefault(glyph, len(numbers)))
        return b"".join(glyph.to_bytes(2, "big") for glyph in glyphs)


def _stream(content: bytes, doc: Any) -> Any:
    stream = PDFStream()
    stream.content = content
    if doc.compression:
        stream.filters = [PDFZCompress]
    return stream


def _to_unicode(name: str, chars: list[int]) -> bytes:
    """The table by which readers turn the codes 1, 2, ... back into the characters."""
    ranges: list[str] = []
    for first in range(0, len(chars) + 1, 256):
        codes = range(max(first, 1), min(first + 256, len(chars) + 1))
        if codes:
            texts = " ".join(f"<{chr(chars[code - 1]).encode('utf-16-be').hex()}>" for code in codes)
            ranges.append(f"<{codes[0]:04x}> <{codes[-1]:04x}> [{texts}]")
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        f"/CMapName /{name} def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    for at in range(0, len(ranges), 100):
        part = ranges[at : at + 100]
        lines += [f"{len(part)} beginbfrange", *part, "endbfrange"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")


@cache
def font(name: str) -> EmbeddedFont:
    """One of the two fonts, read and registered with reportlab at its first use in the process."""
    loaded = EmbeddedFont(name, str(files(__package__) / "fonts" / f"{name}.ttf"))
    pdfmetrics.registerFont(loaded)
    return loaded
