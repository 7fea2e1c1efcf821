"""The first object in which two documents differ beside their texts, and which part of a document it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from engine.proof.container import stream_bytes

_PACKING = frozenset({"/Length", "/Filter", "/DecodeParms"})
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

_BY_SIGNING = frozenset({"/V", "/AP", "/Lock", "/SV", "/M"})
"""What signing fills in at the place of a signature."""
_ADDED_BY_SIGNING = frozenset({"/Perms", "/DSS", "/Extensions", "/Version"})
_FORM_OF_SIGNING = frozenset({"/SigFlags", "/DR", "/DA"})
_TOUCHED_BY_SIGNING = ("/Root/Metadata", *(f"/Root/AcroForm{key}" for key in sorted(_FORM_OF_SIGNING)), "/Info/ModDate", "/Info/Producer")
_STATED = ("dc:title", "dc:creator", "dc:description", "dc:language", "pdf:Keywords", "xmp:CreatorTool", "pdfaid:part")
"""What the metadata say of the report; signing renews its dates and the program that wrote it last."""

Pair = tuple[Any, Any, str]


def first_object_apart(found: Any, wanted: Any, *, signed: bool) -> tuple[str, int | None, str] | None:
    """The first object that differs: the part of the document it belongs to, its page where it has one, and its path.

    Where ``signed``, what signing adds to a document makes no difference. Raises one of ``DAMAGED`` where that cannot be seen.
    """
    walk = _Walk(signed)
    path = next(walk.apart(found, wanted), None)
    if path is None:
        return ("metadata", None, "/Root/Metadata") if signed and _stated(found) != _stated(wanted) else None
    if path.startswith("/Page["):
        number = int(path[len("/Page[") : path.index("]")])
        return "fonts" if "/Font" in path else "links" if "/Annots" in path else "drawing", number, path
    return next((part for start, part in _PARTS if path.startswith(start)), "structure"), None, path


def _stated(document: Any) -> list[Any]:
    with document.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as metadata:
        return [metadata.get(key) for key in _STATED]


class _Walk:
    """Goes through two documents side by side, looking at each pair of objects once."""

    def __init__(self, signed: bool) -> None:
        self.signed = signed
        self.seen: set[tuple[Any, Any]] = set()

    def apart(self, found: Any, wanted: Any) -> Iterator[str]:
        """The paths at which they differ: pages first, then what hangs on the catalogue, then the trailer."""
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
                if one.is_indirect and other.is_indirect:
                    if (one.objgen, other.objgen) in self.seen:
                        continue
                    self.seen.add((one.objgen, other.objgen))
                if (key := self._differ(one, other, here)) is not None:
                    yield here + key
                pending += reversed(self._children(one, other, here))
            elif one != other:
                yield here

    def _differ(self, one: Any, other: Any, path: str) -> str | None:
        """How two objects differ by themselves, without what is below them: at a key that only one has, or as a whole (no key)."""
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            apart = self._keys(one, other, path) ^ self._keys(other, other, path)
            if apart:
                return min(apart)
            return "" if isinstance(one, pikepdf.Stream) and _content(one) != _content(other) else None
        differ = len(one) != len(other) if isinstance(one, pikepdf.Array) else one != other
        return "" if differ else None

    def _keys(self, thing: Any, wanted: Any, path: str) -> set[str]:
        """The keys that matter; ``wanted`` is what the thing should be."""
        keys = set(thing.keys()) - _BACK
        if isinstance(thing, pikepdf.Stream):
            keys -= _PACKING
        if self.signed and wanted.get("/FT") == pikepdf.Name.Sig:
            keys -= _BY_SIGNING
        if self.signed and path == "/Root":
            keys -= _ADDED_BY_SIGNING
        if self.signed and path == "/Root/AcroForm":
            keys -= _FORM_OF_SIGNING
        return keys

    def _children(self, one: Any, other: Any, path: str) -> list[Pair]:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            return [(one[key], other[key], path + key) for key in sorted(self._keys(one, other, path) & self._keys(other, other, path))]
        if isinstance(one, pikepdf.Array):
            return [(a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(list(one), list(other), strict=False))]
        return []


def _content(stream: Any) -> bytes:
    try:
        return stream_bytes(stream)
    except ValueError:
        return bytes(stream.read_raw_bytes())
