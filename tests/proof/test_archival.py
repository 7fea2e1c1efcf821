"""The structural rules of PDF/A-3b (ISO 19005-3) that can be looked at without a validator, one by one."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageCms

from engine import assessment_json
from engine.dossier.schema import Applicant
from engine.report import icc
from engine.report.report import report_bytes
from tests.proof.made import assessed, document, report
from tests.report import fixtures

NAMES = ["assessment.json", "dossier.json", "manifest.json", "places.json", "rules.zip"]
PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


@cache
def opened() -> Any:
    return document(report())


def objects() -> list[Any]:
    return [thing for thing in opened().objects if thing is not None]


def streams() -> list[Any]:
    return [thing for thing in objects() if isinstance(thing, pikepdf.Stream)]


def attached(name: str) -> Any:
    return dict(pikepdf.NameTree(opened().Root.Names.EmbeddedFiles).items())[name]


def xmp(content: bytes | None = None) -> ET.Element:
    metadata = document(content or report()).Root.Metadata
    return ET.fromstring(metadata.read_bytes())


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_file_begins_with_its_version_and_four_bytes_that_are_no_text() -> None:
    first, second = report().split(b"\n", 2)[:2]
    assert first == b"%PDF-1.7"
    assert second[:1] == b"%" and all(byte > 127 for byte in second[1:5])


def test_the_file_ends_with_its_mark() -> None:
    assert report().endswith(b"%%EOF\n")


def test_the_trailer_has_an_identifier_that_is_half_of_the_hash_of_the_manifest() -> None:
    first, second = (bytes(part).hex() for part in opened().trailer.ID)
    assert first == second == hashlib.sha256(attached("manifest.json").EF.F.read_bytes()).hexdigest()[:32]
    assert "/Encrypt" not in opened().trailer


def test_two_reports_have_two_identifiers() -> None:
    assert bytes(document(report(lang="en")).trailer.ID[0]) != bytes(opened().trailer.ID[0])


def test_every_object_stands_on_lines_of_its_own() -> None:
    content = report()
    starts = re.findall(rb"(?:^|\n)\d+ 0 obj\n", content)
    assert len(starts) == len(opened().objects)


def test_every_stream_ends_before_a_line_end_that_its_length_does_not_count() -> None:
    content = report()
    found = list(re.finditer(rb"/Length (\d+)(?:(?!endobj).)*?>>\nstream\n", content, re.DOTALL))
    assert len(found) == len(streams()) > 10
    for match in found:
        end = match.end() + int(match[1])
        assert content[end : end + 11] == b"\nendstream\n"


def test_streams_are_deflated_or_plain_and_stand_in_the_file_itself() -> None:
    for stream in streams():
        filters = stream.get("/Filter", pikepdf.Array([]))
        listed = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
        assert set(map(str, listed)) <= {"/FlateDecode"}
        assert not {"/F", "/FFilter", "/FDecodeParms"} & set(stream.keys())


def test_names_and_texts_are_within_the_limits() -> None:
    pending, seen = objects(), 0
    while pending:
        thing = pending.pop()
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            assert max(map(len, thing.keys()), default=0) <= 128
            pending += [value for key, value in thing.items() if not getattr(value, "is_indirect", False)]
        elif isinstance(thing, pikepdf.Array):
            pending += [value for value in list(thing) if not getattr(value, "is_indirect", False)]
        elif isinstance(thing, pikepdf.String):
            seen += 1
            assert len(bytes(thing)) <= 32767
    assert seen > 20


def test_qpdf_finds_nothing_wrong(tmp_path: Path) -> None:
    if not shutil.which("qpdf"):
        pytest.skip("qpdf is not installed")
    path = tmp_path / "report.pdf"
    path.write_bytes(report())
    made = subprocess.run(["qpdf", "--check", str(path)], check=False, capture_output=True, text=True)
    assert (made.returncode, made.stderr) == (0, "")
    assert opened().check_pdf_syntax() == []


# --- metadata ---------------------------------------------------------------------------------------------------------


def test_the_metadata_say_part_3_conformance_b() -> None:
    found = xmp()
    assert [element.text for element in found.iter(f"{PDFAID}part")] == ["3"]
    assert [element.text for element in found.iter(f"{PDFAID}conformance")] == ["B"]


def test_the_metadata_are_plain_and_in_the_packet_that_is_asked_for() -> None:
    stream = opened().Root.Metadata
    assert (stream.Type, stream.Subtype) == (pikepdf.Name.Metadata, pikepdf.Name.XML)
    assert "/Filter" not in stream
    content = stream.read_bytes()
    assert content.startswith('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'.encode())
    assert content.endswith(b'<?xpacket end="w"?>')


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_metadata_agree_with_the_document_information(lang: str) -> None:
    pdf = document(report(lang=lang))
    info, found = pdf.docinfo, pdf.open_metadata()
    assert str(info["/Title"]) == found["dc:title"]
    assert [str(info["/Author"])] == list(found["dc:creator"])
    assert str(info["/Subject"]) == found["dc:description"]
    for key, name in (("/Keywords", "pdf:Keywords"), ("/Producer", "pdf:Producer"), ("/Creator", "xmp:CreatorTool")):
        assert str(info[key]) == found[name]
    assert list(found["dc:language"]) == [str(pdf.Root.Lang)] == [{"zh": "zh-CN", "en": "en"}[lang]]


def test_the_dates_are_the_day_of_the_application_and_not_the_clock() -> None:
    day = assessed()[0].as_of
    info = opened().docinfo
    assert str(info["/CreationDate"]) == str(info["/ModDate"]) == f"D:{day.replace('-', '')}000000+00'00'"
    assert opened().open_metadata()["xmp:CreateDate"] == opened().open_metadata()["xmp:ModifyDate"] == f"{day}T00:00:00+00:00"


def test_the_clock_of_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assessment, dossier, programme = assessed()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    assert report_bytes(assessment, dossier, programme, "zh")[0] == report()


def test_markup_and_control_characters_in_a_name_stay_text_in_the_metadata() -> None:
    assessment = fixtures.assessed()[0]
    name = '<b>&"甲"</b>\x07]]>'
    nasty = fixtures.dossier(applicant=Applicant(name=name))
    content = report_bytes(assessment, nasty, fixtures.programme(), "zh")[0]
    title = next(element.text for element in xmp(content).iter(f"{RDF}li"))
    assert title is not None and title.endswith(name.replace("\x07", "\ufffd"))


def test_the_reader_is_told_language_and_title() -> None:
    root = opened().Root
    assert str(root.Lang) == "zh-CN" and root.ViewerPreferences.DisplayDocTitle is True


# --- colours and fonts ------------------------------------------------------------------------------------------------


def test_there_is_one_output_intent_with_a_profile_of_three_colours() -> None:
    (intent,) = opened().Root.OutputIntents
    assert (intent.Type, intent.S) == (pikepdf.Name.OutputIntent, pikepdf.Name.GTS_PDFA1)
    assert str(intent.OutputConditionIdentifier) == "sRGB IEC61966-2.1"
    assert intent.DestOutputProfile.N == 3
    assert intent.DestOutputProfile.read_bytes() == icc.srgb()


def test_the_profile_is_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc.srgb()))
    assert profile.profile.version == 4.2 and profile.profile.device_class == "mntr" and profile.profile.xcolor_space == "RGB "
    colours = [(255, 0, 0), (10, 200, 30), (128, 128, 128), (3, 2, 250), (0, 0, 0), (255, 255, 255)]
    ours = Image.new("RGB", (len(colours), 1))
    for i, colour in enumerate(colours):
        ours.putpixel((i, 0), colour)
    converted = ImageCms.profileToProfile(ours, profile, ImageCms.createProfile("sRGB"))
    assert converted is not None
    assert [converted.getpixel((i, 0)) for i in range(len(colours))] == colours


def test_pages_use_no_colours_but_those_of_the_profile_and_grey() -> None:
    for stream in streams():
        if stream.get("/Subtype") == pikepdf.Name.Form or "/Contents" in stream:
            assert not [i for i in pikepdf.parse_content_stream(stream) if str(i.operator) in ("k", "K", "cs", "CS", "sh", "ri")]
    for page in opened().pages:
        operators = {str(i.operator) for i in pikepdf.parse_content_stream(page.obj)}
        assert not operators & {"k", "K", "cs", "CS", "sh", "BI"}
        assert "/ColorSpace" not in page.obj.Resources and "/Group" not in page.obj


def test_every_font_is_embedded_whole_enough_and_says_what_its_codes_mean() -> None:
    fonts = [thing for thing in objects() if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == pikepdf.Name.Font]
    composite = [font for font in fonts if font.Subtype == pikepdf.Name.Type0]
    assert len(composite) == 2 and len(fonts) == 4
    for font in composite:
        inner = font.DescendantFonts[0]
        assert font.Encoding == pikepdf.Name("/Identity-H") and "/ToUnicode" in font
        assert "/FontFile2" in inner.FontDescriptor and isinstance(inner.CIDToGIDMap, pikepdf.Stream)
        assert inner.FontDescriptor.FontName == inner.BaseFont == font.BaseFont


def test_no_text_shows_the_glyph_that_stands_for_a_missing_one() -> None:
    shown = [(page.obj, page.obj.Resources.Font) for page in opened().pages]
    shown += [(form, form.Resources.Font) for form in streams() if form.get("/Subtype") == pikepdf.Name.Form]
    seen = 0
    for holder, fonts in shown:
        glyphs = b""
        for instruction in pikepdf.parse_content_stream(holder):
            match str(instruction.operator):
                case "Tf":
                    glyphs = fonts[str(instruction.operands[0])].DescendantFonts[0].CIDToGIDMap.read_bytes()
                case "Tj":
                    raw = bytes(instruction.operands[0])
                    codes = [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]
                    assert all(glyphs[2 * code : 2 * code + 2] not in (b"", b"\0\0") for code in codes)
                    seen += len(codes)
    assert seen > 1000


# --- what a conforming file must not do -------------------------------------------------------------------------------


def test_nothing_is_executed_fetched_or_hidden() -> None:
    forbidden = {"/JavaScript", "/JS", "/AA", "/OpenAction", "/Launch", "/URI", "/GoToR", "/SubmitForm", "/RichMedia", "/OCProperties"}
    for thing in objects():
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            assert not forbidden & set(thing.keys())
            assert str(thing.get("/S", "")) not in forbidden


def test_every_annotation_prints() -> None:
    annotations = [annotation for page in opened().pages for annotation in page.obj.get("/Annots", [])]
    assert annotations
    for annotation in annotations:
        assert int(annotation.F) & 4 and not int(annotation.F) & (1 | 2 | 32)


# --- attachments ------------------------------------------------------------------------------------------------------


def test_the_attachments_are_listed_by_name_and_associated_with_the_document() -> None:
    assert sorted(opened().attachments) == NAMES
    names = [str(item) for item in list(opened().Root.Names.EmbeddedFiles.Names)[::2]]
    assert names == sorted(names) == NAMES
    associated = {specification.objgen for specification in opened().Root.AF}
    assert associated == {attached(name).objgen for name in NAMES}


@pytest.mark.parametrize(
    ("name", "relationship", "media_type"),
    [
        ("dossier.json", "/Source", "/application/json"),
        ("rules.zip", "/Source", "/application/zip"),
        ("assessment.json", "/Data", "/application/json"),
        ("places.json", "/Supplement", "/application/json"),
        ("manifest.json", "/Supplement", "/application/json"),
    ],
)
def test_each_attachment_says_what_it_is(name: str, relationship: str, media_type: str) -> None:
    specification = attached(name)
    assert (specification.Type, str(specification.F), str(specification.UF)) == (pikepdf.Name.Filespec, name, name)
    assert str(specification.AFRelationship) == relationship
    stream = specification.EF.F
    assert stream.objgen == specification.EF.UF.objgen
    assert (stream.Type, str(stream.Subtype)) == (pikepdf.Name.EmbeddedFile, media_type)
    assert int(stream.Params.Size) == len(stream.read_bytes())
    assert re.fullmatch(r"D:\d{14}\+00'00'", str(stream.Params.ModDate))


def test_the_manifest_has_every_other_file_with_its_hash() -> None:
    manifest = json.loads(attached("manifest.json").EF.F.read_bytes())
    assert sorted(entry["name"] for entry in manifest["files"]) == [name for name in NAMES if name != "manifest.json"]
    for entry in manifest["files"]:
        content = attached(entry["name"]).EF.F.read_bytes()
        assert (entry["size"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_manifest_says_what_was_assessed_by_what() -> None:
    made = assessed()[0]
    manifest = json.loads(attached("manifest.json").EF.F.read_bytes())
    assert manifest["assessment"] == made.id and manifest["engine"] == made.engine_version
    assert manifest["determination"]["outcome"] == made.determination.outcome
    for part in ("ruleset", "scheme", "dossier"):
        assert manifest[part]["sha256"] == getattr(made, part).sha256


def test_the_assessment_inside_is_the_one_that_is_written_beside() -> None:
    made, _, programme = assessed()
    assert attached("assessment.json").EF.F.read_bytes().decode() == assessment_json(made, programme)


def test_an_outside_program_lists_the_attachments_and_embedded_fonts(tmp_path: Path) -> None:
    if not shutil.which("pdfdetach") or not shutil.which("pdffonts"):
        pytest.skip("poppler's pdfdetach and pdffonts are not installed")
    path = tmp_path / "report.pdf"
    path.write_bytes(report())
    listed = subprocess.run(["pdfdetach", "-list", str(path)], check=True, capture_output=True, text=True).stdout
    assert [line.split(": ")[1] for line in listed.splitlines()[1:]] == NAMES
    fonts = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert len(fonts) == 2 and all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts)


def test_what_is_attached_is_packed_as_zlib_packs_it() -> None:
    stream = attached("rules.zip").EF.F
    assert zlib.decompress(stream.read_raw_bytes()) == stream.read_bytes()
