"""The report's two fonts: loaded once a process, measured by dictionary, and embedded as one subset each.

Reportlab cuts a TrueType font into subsets of 256 characters, so that Chinese text changes fonts within nearly every line. The
fonts here are written as one two-byte font (Type0, Identity-H) each: smaller pages, and text that copies out as it was typed.
Reportlab's own parser reads the file and makes the subset.
"""

from __future__ import annotations

import hashlib
import sys
import zlib
from array import array
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFStreamFilterZCompress, PDFString, PDFZCompress
from reportlab.pdfbase.ttfonts import TTEncoding, TTFontFace

REGULAR, BOLD = "NotoSansSC-Regular", "NotoSansSC-Bold"
BOX_SCALE = 0.6
"""Size of the code point inside the box that stands for a missing character, against the size of the text around it."""
BOX_MARGIN = 0.14
"""Space inside the box left and right of the code point, in ems of the text around it."""

_NO_BREAK_SPACE = 0xA0
_LAST_PLAIN = "\uffff"
_FIRST_PRIVATE = 0xD800
"""Private codes are those that UTF-16 keeps for halves of such characters: no text has them."""

_HALVES = range(_FIRST_PRIVATE, 0xE000)
_USUAL_WIDTH = 1000
"""Of a Chinese character, in thousandths of an em."""


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


class _Outlines(PDFStreamFilterZCompress):
    """Packs outlines without searching for what they repeat, of which there is little: twice as fast, a report 6 % larger."""

    def encode(self, content: bytes) -> bytes:
        """The content deflated."""
        packer = zlib.compressobj(1, strategy=zlib.Z_RLE)
        return packer.compress(content) + packer.flush()


class _Face(TTFontFace):
    """A font file whose tables are cut out of it once: reportlab copies all outlines, eight megabytes, for every subset."""

    def __init__(self, path: str) -> None:
        self._tables: dict[str, bytes] = {}
        super().__init__(path)

    def get_table(self, tag: str) -> bytes:
        """A table of the font."""
        if tag not in self._tables:
            self._tables[tag] = super().get_table(tag)
        return self._tables[tag]

    def addSubsetObjects(self, doc: Any, name: str, points: list[int]) -> Any:
        """Add a subset's outlines and its descriptor to the document, and return the reference to the descriptor."""
        descriptor = super().addSubsetObjects(doc, name, points)
        if doc.compression:
            doc.idToObject[f"fontFile:{self.filename}({name})"].filters = [_Outlines()]
        return descriptor


class UsedFont:
    """What one document writes in a font: the texts, and a private code for each character beyond the first 65,536."""

    def __init__(self) -> None:
        self.internal_name = ""
        self.texts: set[str] = set()
        self.private: dict[int, str] = {}

    def coded(self, text: str) -> str:
        """A text to be written in two-byte codes, which are those of UTF-16: so no text is coded anew for every document."""
        self.texts.add(text)
        if is_plain(text):
            return text
        for char in text:
            if char > _LAST_PLAIN and ord(char) not in self.private:
                self.private[ord(char)] = chr(_FIRST_PRIVATE + len(self.private))
        return text.translate(self.private)

    def chars(self) -> dict[int, int]:
        """The code point of each code that is used, in order of the codes."""
        plain = {ord(char) for char in set().union(*self.texts)}
        beyond = {ord(code): point for point, code in self.private.items()}
        return dict(sorted({**{point: point for point in plain if point not in self.private}, **beyond}.items()))


def hexadecimal(text: str) -> str:
    """The codes of a coded text in hexadecimal digits."""
    return text.encode("utf-16-be", "surrogatepass").hex()


def is_plain(text: str) -> bool:
    """Whether the codes of a text are the same in every document."""
    return max(text, default="") <= _LAST_PLAIN


class EmbeddedFont:
    """A TrueType font in the shape that reportlab's canvas expects of a font with dynamic subsets; it has one, numbered 0."""

    _multiByte = 1
    _dynamicFont = 1
    shapable = False

    def __init__(self, name: str, path: str) -> None:
        self.fontName = name
        self.face = _Face(path)
        self.encoding = TTEncoding()
        self.widths = Widths(self.face)
        self._documents: WeakKeyDictionary[Any, UsedFont] = WeakKeyDictionary()
        self._lock = Lock()

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:
        """The width of a text in points."""
        return self.widths.of(text) * size

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        """The text as codes of the one subset."""
        return [(0, bytes.fromhex(hexadecimal(self.used_in(doc).coded(text))))]

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:
        """The name of the font in the pages of a document; the first call asks for its objects."""
        used = self.used_in(doc)
        if not used.internal_name:
            used.internal_name = f"F{len(doc.fontMapping) + 1}+0"
            doc.fontMapping[self.fontName] = "/" + used.internal_name
            doc.delayedFonts.append(self)
        return "/" + used.internal_name

    def used_in(self, doc: Any) -> UsedFont:
        """What a document writes in this font so far."""
        used = self._documents.get(doc)
        if used is None:
            used = self._documents[doc] = UsedFont()
        return used

    def addObjects(self, doc: Any) -> None:
        """Add the font with the characters used to the document. The subset's name is a hash of them, so equal pages give equal files."""
        used = self._documents.pop(doc)
        chars = used.chars()
        points = list(chars.values())
        tag = hashlib.sha256(repr(points).encode()).digest()
        name = "".join(chr(65 + byte % 26) for byte in tag[:6]) + "+" + self.fontName
        with self._lock:  # the parser reads through a position of its own
            descriptor = self.face.addSubsetObjects(doc, name, points)
        descendant = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("CIDFontType2"),
                "BaseFont": PDFName(name),
                "CIDSystemInfo": PDFDictionary({"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}),
                "FontDescriptor": descriptor,
                "DW": _USUAL_WIDTH,
                "W": self._other_widths(chars),
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
                "ToUnicode": doc.Reference(_stream(_to_unicode(tuple(used.private.items())), doc)),
            }
        )
        doc.idToObject["BasicFonts"].dict[used.internal_name] = doc.Reference(font, used.internal_name)

    def _other_widths(self, chars: dict[int, int]) -> str:
        """The widths of characters that are not as wide as a Chinese one, each run of codes with its first, as they stand in the file."""
        runs: list[tuple[int, list[str]]] = []
        for code, point in chars.items():
            width = round(self.face.getCharWidth(point))
            if width != _USUAL_WIDTH:
                if not runs or runs[-1][0] + len(runs[-1][1]) != code:
                    runs.append((code, []))
                runs[-1][1].append(str(width))
        return "[ " + "\n ".join(f"{code} [ {' '.join(widths)} ]" for code, widths in runs) + " ]"

    def _glyphs(self, chars: dict[int, int]) -> bytes:
        """From code to glyph of the subset, which is numbered by order of codes and holds a glyph shared by two characters once."""
        numbers = {0: 0}
        glyphs = array("H", bytes(2 * (max(chars, default=0) + 1)))
        for code, point in chars.items():
            glyph = self.face.charToGlyph.get(point, 0)
            glyphs[code] = numbers.setdefault(glyph, len(numbers))
        if sys.byteorder == "little":
            glyphs.byteswap()
        return glyphs.tobytes()


def _stream(content: bytes, doc: Any) -> Any:
    stream = PDFStream()
    stream.content = content
    if doc.compression:
        stream.filters = [PDFZCompress]
    return stream


@lru_cache(maxsize=64)
def _to_unicode(private: tuple[tuple[int, str], ...]) -> bytes:
    """The table by which readers turn codes back into characters: each code is its character but for private ones."""
    ranges = [f"<{first:04x}> <{first + 255:04x}> <{first:04x}>" for first in range(0, 1 << 16, 256) if first not in _HALVES]
    singles = [f"<{ord(code):04x}> <{chr(point).encode('utf-16-be').hex()}>" for point, code in private]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Texts def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    for kind, entries in (("bfrange", ranges), ("bfchar", singles)):
        for at in range(0, len(entries), 100):
            part = entries[at : at + 100]
            lines += [f"{len(part)} begin{kind}", *part, f"end{kind}"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")


@cache
def font(name: str) -> EmbeddedFont:
    """One of the two fonts, read and registered with reportlab at its first use in the process."""
    loaded = EmbeddedFont(name, str(files(__package__) / "fonts" / f"{name}.ttf"))
    pdfmetrics.registerFont(loaded)
    return loaded
