"""What makes a report a file for the archive, in the objects of the PDF itself: prepared to PDF/A-3b.

Metadata as XMP, the colour profile as output intent, enclosures as associated files, a day instead of the clock, and an
identifier that follows from the content. No validator takes part in the tests, which look at each structural rule by themselves.
"""

from __future__ import annotations

import hashlib
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import NoEncryption, PDFArray, PDFDate, PDFDictionary, PDFName, PDFObject, PDFStream, PDFString

from engine.report import icc
from engine.report.enclosures import Enclosed, Enclosure

if TYPE_CHECKING:
    from engine.report.document import Furniture

_VERSION = (1, 7)
_NO_DAY = "2000-01-01"
_XML_SPACE = frozenset("\t\n\r")

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
<pdf:Keywords>{keywords}</pdf:Keywords><pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{day}T00:00:00+00:00</xmp:CreateDate><xmp:ModifyDate>{day}T00:00:00+00:00</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


class _Day:
    """A day as the library wants its time stamps: midnight, at no distance from universal time."""

    dhh = dmm = 0

    def __init__(self, day: str) -> None:
        self.YMDhms = (*map(int, day.split("-")), 0, 0, 0)


class _Ended(PDFObject):
    """The content of a stream with the line end that PDF/A wants after it, which its length does not count."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __len__(self) -> int:
        return len(self.content)

    def format(self, document: Any) -> bytes:
        return self.content + b"\n"


class _LineEnds(NoEncryption):
    """Hands on the content of each stream unencrypted, which is where the library lets somebody else add to it."""

    def encode(self, content: bytes) -> Any:
        return _Ended(content)


def archive(doc: Any, furniture: Furniture, enclosed: Enclosed | None) -> None:
    """Add everything to a document that is about to be written."""
    day = (enclosed.day if enclosed else "") or _NO_DAY
    doc._pdfVersion = _VERSION
    doc._timeStamp = _Day(day)
    doc.encrypt = _LineEnds()
    catalog = doc.Catalog
    catalog.__NoDefault__ = catalog.__Refs__ = [*catalog.__NoDefault__, "AF", "OutputIntents"]
    metadata = _metadata(furniture, doc.info.producer, day)
    catalog.Metadata = _stream({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}, metadata)
    catalog.OutputIntents = PDFArray([_output_intent(doc)])
    if enclosed is not None:
        _enclose(doc, enclosed, day)
    doc._ID = _identifier(metadata, enclosed)


def _metadata(furniture: Furniture, producer: str, day: str) -> bytes:
    texts = {name: _xml(getattr(furniture, name)) for name in ("title", "author", "subject", "keywords", "creator")}
    lang = "zh-CN" if furniture.lang == "zh" else "en"
    return _XMP.format(**texts, lang=lang, producer=_xml(producer), day=day).encode()


def _xml(text: str) -> str:
    """A text of a user inside XML, which has no control characters."""
    return escape("".join(c if c.isprintable() or c in _XML_SPACE else "\ufffd" for c in text))


def _stream(entries: dict[str, Any], content: bytes, packed: bytes | None = None) -> Any:
    """A stream with its dictionary; ``packed`` is the content deflated already."""
    if packed is not None:
        entries = {**entries, "Filter": PDFName("FlateDecode")}
    return PDFStream(PDFDictionary(entries), content if packed is None else packed)


@cache
def _packed_profile() -> bytes:
    return zlib.compress(icc.srgb(), 9)


def _output_intent(doc: Any) -> Any:
    profile = _stream({"N": 3}, icc.srgb(), _packed_profile())
    return PDFDictionary(
        {
            "Type": PDFName("OutputIntent"),
            "S": PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": PDFString(icc.NAME),
            "Info": PDFString(icc.NAME),
            "DestOutputProfile": doc.Reference(profile),
        }
    )


def _enclose(doc: Any, enclosed: Enclosed, day: str) -> None:
    """Hang the enclosures into the document, by name and as files associated with the whole."""
    specifications = {one.name: doc.Reference(_specification(doc, one, day)) for one in enclosed.enclosures}
    names = [item for name in sorted(specifications) for item in (PDFString(name), specifications[name])]
    doc.Catalog.Names = PDFDictionary({"EmbeddedFiles": PDFDictionary({"Names": PDFArray(names)})})
    doc.Catalog.AF = PDFArray(list(specifications.values()))


def _specification(doc: Any, one: Enclosure, day: str) -> Any:
    entries = {
        "Type": PDFName("EmbeddedFile"),
        "Subtype": "/" + one.media_type.replace("/", "#2F"),
        "Params": PDFDictionary({"ModDate": PDFDate(ts=_Day(day)), "Size": len(one.content)}),
    }
    stream = doc.Reference(_stream(entries, one.content, one.packed))
    return PDFDictionary(
        {
            "Type": PDFName("Filespec"),
            "F": PDFString(one.name),
            "UF": PDFString(one.name),
            "AFRelationship": PDFName(one.relationship),
            "EF": PDFDictionary({"F": stream, "UF": stream}),
        }
    )


def _identifier(metadata: bytes, enclosed: Enclosed | None) -> bytes:
    """The identifier of the file: half of the hash of its manifest, or of its metadata where it has none."""
    digest = (enclosed.manifest_sha256 if enclosed else hashlib.sha256(metadata).hexdigest())[:32]
    return f"\n[<{digest}><{digest}>]\n".encode()
