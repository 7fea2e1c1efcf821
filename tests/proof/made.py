"""Reports for the tests of proofs: small ones of a sample, and hands that change them."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from engine import Assessment, Dossier, Programme, assess_dossier, load_programme, read_dossier, verify_report
from engine.advise.notes import advice_notes
from engine.proof.printed import codes_of_font
from engine.proof.verify import Verification
from engine.report.report import report_bytes

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SMALL = "zero_carbon_park"


@cache
def assessed(name: str = SMALL, basis: str = "declared") -> tuple[Assessment, Dossier, Programme]:
    """A sample's assessment with what it was made of."""
    dossier = read_dossier(SAMPLES / f"{name}.yaml")
    programme = load_programme(dossier.scheme, dossier.kind, standard=dossier.standard, day=dossier.application_date)
    return assess_dossier(programme, dossier, basis), dossier, programme


@cache
def report(name: str = SMALL, lang: str = "zh", basis: str = "declared", *, advice: bool = False) -> bytes:
    """A sample's report."""
    assessment, dossier, programme = assessed(name, basis)
    notes, stability = advice_notes(programme, dossier, basis, assessment.closed, lang) if advice else ((), "")
    return report_bytes(assessment, dossier, programme, lang, notes, stability)[0]


def verified(content: bytes, code: str = "", **options: Any) -> Verification:
    """What verification finds of a file."""
    return verify_report(content, "report.pdf", code, **options)


def first(content: bytes, code: str = "") -> tuple[str, dict[str, str]]:
    """The first difference of a report: its code and what it speaks of."""
    found = verified(content, code)
    assert found.differences
    return found.differences[0].code, dict(found.differences[0].params)


@lru_cache(maxsize=8)
def document(content: bytes) -> Any:
    """A report opened for looking; its objects live as long as it is kept."""
    return pikepdf.open(io.BytesIO(content))


def saved(content: bytes, change: Callable[[Any], None]) -> bytes:
    """A report that somebody opened, changed and saved with the tools of the trade."""
    with pikepdf.open(io.BytesIO(content)) as opened:
        change(opened)
        target = io.BytesIO()
        opened.save(target, static_id=True, fix_metadata_version=False)
        return target.getvalue()


def changed_after(content: bytes, change: Callable[[Any], None]) -> bytes:
    """A file with one more revision, which changes something else than signatures."""
    target = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    writer.write(target)
    return target.getvalue()


def with_file(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A report with one of its attachments changed."""

    def edit(opened: Any) -> None:
        stream = dict(pikepdf.NameTree(opened.Root.Names.EmbeddedFiles).items())[name].EF.F
        stream.write(change(stream.read_bytes()))

    return saved(content, edit)


def with_page(content: bytes, number: int, change: Callable[[bytes], bytes]) -> bytes:
    """A report with the content of one page changed."""

    def edit(opened: Any) -> None:
        stream = opened.pages[number - 1].obj.Contents
        stream.write(change(stream.read_bytes()))

    return saved(content, edit)


def codes(content: bytes) -> dict[str, dict[str, str]]:
    """The hexadecimal code of each character, by the name of the font that has it."""
    fonts = document(content).pages[0].obj.Resources.Font
    return {name: {text: f"{code:04x}" for code, text in codes_of_font(font).items()} for name, font in fonts.items()}


def spelt(content: bytes, text: str) -> tuple[str, str]:
    """A font that has every character of a text, and the text in its codes."""
    name, table = next((name, table) for name, table in codes(content).items() if set(text) <= table.keys())
    return name, "".join(table[char] for char in text)


_STREAM = re.compile(rb"<<(?:(?!endobj).)*?/Length (\d+)(?:(?!endobj).)*?>>\nstream\n", re.DOTALL)


def repacked(content: bytes, level: int) -> bytes:
    """The same report as another deflating library would have written it: lengths and offsets as they are then."""
    start = content.rfind(b"xref\n0 ")
    out, at = b"", 0
    while found := _STREAM.search(content, at, start):
        end = found.end() + int(found[1])
        raw = content[found.end() : end]
        if b"/FlateDecode" in found[0]:
            raw = zlib.compress(zlib.decompress(raw), level)
        out += content[at : found.start()] + found[0].replace(b"/Length " + found[1], b"/Length %d" % len(raw)) + raw
        at = end
    out += content[at:start]
    offsets = [found.start() for found in re.finditer(rb"^\d+ 0 obj\n", _blanked(out), re.MULTILINE)]
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1) + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = content[content.index(b"trailer\n", start) : content.rindex(b"startxref\n")]
    return out + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(out)


def _blanked(body: bytes) -> bytes:
    """The same bytes with nothing but zeros inside streams."""
    return re.sub(rb"(\nstream\n)(.*?)(\nendstream\n)", lambda m: m[1] + bytes(len(m[2])) + m[3], body, flags=re.DOTALL)
