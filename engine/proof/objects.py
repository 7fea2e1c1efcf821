"""The objects in which two documents differ beside their texts, and which parts of a document they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from engine.proof.container import stream_bytes

_PAGE = re.compile(r"/Page\[(\d+)\]")
_ANNOTATION = re.compile(r"/Annots\[(\d+)\]")
_PACKING = frozenset({"/Length", "/Filter", "/DecodeParms"})
_RENEWED = ("metadata", "identifier")
"""What any program renews that saves a document: it says least of what was changed."""
_BACK = frozenset({"/Parent", "/P"})
"""Keys that lead back to what was looked at already."""
_PARTS = (
    ("/Root/Names/EmbeddedFiles", "enclosures"),
    ("/Root/AF", "enclosures"),
    ("/Root/Metadata", "metadata"),
    ("/Info", "metadata"),
    ("/Root/OutputIntents", "colours"),
    ("/Root/Outlines", "bookmarks"),
    ("/Root/Dests", "bookmarks"),
    ("/Root/Names", "bookmarks"),
    ("/Root/AcroForm", "fields"),
    ("/ID", "identifier"),
)

_LOOK = re.compile(r"/(Contents|Resources|\w+Box|Rotate|UserUnit|Group)\b")
"""What a page looks like."""
_BY_SIGNING = frozenset({"/V", "/AP", "/Lock", "/SV", "/M"})
"""What signing fills in at the place of a signature."""
_ADDED_BY_SIGNING = frozenset({"/Perms", "/DSS", "/Extensions", "/Version"})
_FORM_OF_SIGNING = frozenset({"/SigFlags", "/DR", "/DA"})
_TOUCHED_BY_SIGNING = ("/Root/Metadata", *(f"/Root/AcroForm{key}" for key in sorted(_FORM_OF_SIGNING)), "/Info/ModDate", "/Info/Producer")
_STATED = ("dc:title", "dc:creator", "dc:description", "dc:language", "pdf:Keywords", "xmp:CreatorTool", "pdfaid:part")
"""What the metadata say of the report; signing renews its dates and the program that wrote it last."""

Pair = tuple[Any, Any, str]
Part = tuple[str, int | None, str]
"""A part of a document, its page where it has one, and the path at which it differs."""


def parts_apart(found: Any, wanted: Any, *, signed: bool) -> list[Part]:
    """The parts of a document that differ, each once (of what belongs to no part, the first): pages first, what saving renews last.

    Where ``signed``, what signing adds to a document makes no difference. Raises one of ``DAMAGED`` where that cannot be seen.
    """
    apart: dict[tuple[str, int | None], str] = {}
    for path in _Walk(signed, found, wanted).apart():
        apart.setdefault(_part(path, wanted), path)
    if signed and _stated(found) != _stated(wanted):
        apart.setdefault(("metadata", None), "/Root/Metadata")
    return [(part, page, path) for (part, page), path in sorted(apart.items(), key=lambda each: each[0][0] in _RENEWED)]


def _part(path: str, wanted: Any) -> tuple[str, int | None]:
    """The part of a document that a path leads to, and its page."""
    page = _PAGE.match(path)
    if page is None:
        return next((part for start, part in _PARTS if path.startswith(start)), "structure"), None
    number, rest = int(page[1]), path[page.end() :]
    if rest.startswith("/Annots"):
        return ("fields", None) if _is_field(rest, wanted.pages[number - 1].obj) else ("links", number)
    if not _LOOK.match(rest):
        return "structure", None
    return "fonts" if "/Font" in rest else "drawing", number


def _is_field(path: str, page: Any) -> bool:
    """Whether the annotation of a page at a path is the place of a signature."""
    at = _ANNOTATION.match(path)
    return at is not None and page.Annots[int(at[1])].get("/Subtype") == pikepdf.Name.Widget


def _stated(document: Any) -> list[Any]:
    with document.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as metadata:
        return [metadata.get(key) for key in _STATED]


class _Walk:
    """Goes through two documents side by side, looking at each pair of objects once."""

    def __init__(self, signed: bool, found: Any, wanted: Any) -> None:
        self.signed = signed
        self.found, self.wanted = found, wanted
        self.seen: set[tuple[Any, Any]] = set()
        self.pages = [{page.obj.objgen: number for number, page in enumerate(each.pages, 1)} for each in (found, wanted)]

    def apart(self) -> Iterator[str]:
        """The paths at which they differ: pages first, then what hangs on the catalogue, then the trailer."""
        found, wanted = self.found, self.wanted
        for number, (one, other) in enumerate(zip(found.pages, wanted.pages, strict=True), 1):
            yield from self._below(one.obj, other.obj, f"/Page[{number}]")
        yield from self._below(found.Root, wanted.Root, "/Root")
        yield from self._below(found.trailer.get("/Info"), wanted.trailer.get("/Info"), "/Info")
        yield from self._below(found.trailer.get("/ID"), wanted.trailer.get("/ID"), "/ID")

    def _below(self, found: Any, wanted: Any, path: str) -> Iterator[str]:
        """The paths below one object, first to last."""
        pending: list[Pair] = [(found, wanted, path)]
        while pending:
            one, other, here = pending.pop()
            if self.signed and (here.startswith(_TOUCHED_BY_SIGNING) or here == "/ID[1]"):
                continue
            if type(one) is not type(other):
                yield here
            elif isinstance(one, pikepdf.Object):
                if (led := self._leads_to_pages(one, other)) and not _PAGE.fullmatch(here):
                    if led[0] != led[1]:
                        yield here
                    continue
                if one.is_indirect and other.is_indirect:
                    if (one.objgen, other.objgen) in self.seen:
                        continue
                    self.seen.add((one.objgen, other.objgen))
                if (key := self._differ(one, other, here)) is not None:
                    yield here + key
                pending += reversed(self._children(one, other, here))
            elif one != other:
                yield here

    def _leads_to_pages(self, one: Any, other: Any) -> tuple[int | None, int | None] | None:
        """The numbers of the pages that two objects are, such as the aims of links; a page is compared where it stands."""
        numbers = self.pages[0].get(one.objgen), self.pages[1].get(other.objgen)
        return None if numbers == (None, None) else numbers

    def _differ(self, one: Any, other: Any, path: str) -> str | None:
        """How two objects differ by themselves, without what is below them: at a key that only one has, or as a whole (no key)."""
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            apart = self._keys(one, one, other, path) ^ self._keys(other, one, other, path)
            if apart:
                return min(apart)
            return "" if isinstance(one, pikepdf.Stream) and _content(one) != _content(other) else None
        differ = len(one) != len(other) if isinstance(one, pikepdf.Array) else one != other
        return "" if differ else None

    def _keys(self, thing: Any, found: Any, wanted: Any, path: str) -> set[str]:
        """The keys of a thing that matter, which is the one found or the one wanted; a place that nobody signed at stays empty."""
        keys = set(thing.keys()) - _BACK
        if isinstance(thing, pikepdf.Stream):
            keys -= _PACKING
        if self.signed and wanted.get("/FT") == pikepdf.Name.Sig and "/V" in found:
            keys -= _BY_SIGNING
        if self.signed and path == "/Root":
            keys -= _ADDED_BY_SIGNING
        if self.signed and path == "/Root/AcroForm":
            keys -= _FORM_OF_SIGNING
        return keys

    def _children(self, one: Any, other: Any, path: str) -> list[Pair]:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            shared = self._keys(one, one, other, path) & self._keys(other, one, other, path)
            return [(one[key], other[key], path + key) for key in sorted(shared)]
        if isinstance(one, pikepdf.Array):
            return [(a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(list(one), list(other), strict=False))]
        return []


def _content(stream: Any) -> bytes:
    try:
        return stream_bytes(stream)
    except ValueError:
        return bytes(stream.read_raw_bytes())
