from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.problems import Refused, Where
from engine.report.report import report_bytes
from engine.report.signature_fields import ROLES
from engine.report.signature_words import signature_sentence
from engine.report.signatures import check_signatures
from engine.report.signing import sign_report
from engine.report.signing_keys import load_key, needs_password, read_certificates
from tests.report.fixtures import assessed, programme
from tests.report.reading import read
from tests.report.signers import END, NAMES, NOW, ORGANISATION, PASSWORD, ROOT, authority, key, packed, signed, stamper_of, unsigned

ALL = ("assessor", "reviewer", "body")
GAP = re.compile(rb"/Contents <([0-9a-fA-F]+)>")


def refused_by(call: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    return [problem.code for problem in caught.value.problems]


def sign(content: bytes, role: str, **options: Any) -> bytes:
    return sign_report(content, key(role), role, **{"now": NOW, **options})[0]


def said_by(tool: str, content: bytes, tmp_path: Path, *words: str) -> str:
    if shutil.which(tool) is None:
        pytest.skip(f"no {tool} here")
    path = tmp_path / "signed.pdf"
    path.write_bytes(content)
    ran = subprocess.run([tool, *words, path], capture_output=True, text=True, check=False, timeout=60)
    return ran.stdout + ran.stderr


def faults(content: bytes) -> list[tuple[str, ...]]:
    return [status.faults for status in check_signatures(content, now=NOW)]


# --- places to sign at ---


@pytest.mark.parametrize(("basis", "places"), [("verified", list(ROLES)), ("declared", [])])
def test_a_report_has_places_for_those_who_sign_it(basis: str, places: list[str]) -> None:
    assessment, dossier = assessed(basis)
    with pikepdf.open(io.BytesIO(report_bytes(assessment, dossier, programme())[0])) as document:
        found = document.Root.get("/AcroForm", {}).get("/Fields", [])
        assert [str(field.T) for field in found] == places
        assert [field for field in found if field.FT != "/Sig" or "/V" in field or int(field.F) & 4 == 0 or "/N" not in field.AP] == []


def test_the_places_lie_within_the_page_and_apart() -> None:
    with pikepdf.open(io.BytesIO(unsigned())) as document:
        boxes = [[float(edge) for edge in field.Rect] for field in document.Root.AcroForm.Fields]
        page = [float(edge) for edge in document.pages[0].MediaBox]
    assert all(0 < left < right < page[2] and 0 < low < high < page[3] for left, low, right, high in boxes)
    pairs = [(one, other) for i, one in enumerate(boxes) for other in boxes[i + 1 :]]
    assert all(one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1] for one, other in pairs)


# --- signing ---


def test_signatures_in_turn_hold_and_say_who_signed_when() -> None:
    statuses = check_signatures(signed(*ALL), now=NOW)
    assert [status.role for status in statuses] == list(ALL)
    assert [status.signer for status in statuses] == [NAMES[role] for role in ALL]
    assert {(status.organisation, status.signed_at, status.stamped_at) for status in statuses} == {(ORGANISATION, NOW.isoformat(), "")}
    assert [status.covers for status in statuses] == ["revision", "revision", "file"]
    assert [status.faults for status in statuses] == [(), (), ()]
    assert {status.trusted for status in statuses} == {None}


def test_signing_only_adds_to_the_file() -> None:
    first, second = signed("assessor"), signed("assessor", "reviewer")
    assert first.startswith(unsigned()) and second.startswith(first)


def test_an_unsigned_report_has_no_signatures() -> None:
    assert check_signatures(unsigned()) == ()


def test_a_document_with_a_seal_place_alone_needs_no_others() -> None:
    assert faults(sign(unsigned(roles=("body",)), "body")) == [()]


@pytest.mark.parametrize(
    ("before", "role", "code"),
    [
        ((), "reviewer", "sign_order"),
        (("assessor",), "body", "sign_order"),
        (("assessor",), "assessor", "sign_twice"),
        (ALL, "body", "sign_twice"),
    ],
)
def test_out_of_turn_is_refused(before: tuple[str, ...], role: str, code: str) -> None:
    assert refused_by(lambda: sign(signed(*before), role)) == [code]


def test_every_role_that_is_still_missing_is_named() -> None:
    assert refused_by(lambda: sign(unsigned(), "body")) == ["sign_order", "sign_order"]


def test_a_self_check_report_cannot_be_signed() -> None:
    assessment, dossier = assessed("declared")
    content = report_bytes(assessment, dossier, programme())[0]
    assert refused_by(lambda: sign(content, "assessor")) == ["sign_no_place"]


def test_a_later_role_that_signed_elsewhere_closes_the_earlier_places() -> None:
    content = IncrementalPdfFileWriter(io.BytesIO(unsigned()))
    found = key("reviewer")
    signer = SimpleSigner(found.certificate, found.private, SimpleCertificateStore())
    other = sign_pdf(content, PdfSignatureMetadata(field_name="reviewer"), signer=signer, existing_fields_only=True)
    assert refused_by(lambda: sign(other.getvalue(), "assessor")) == ["sign_late"]


def test_a_broken_signature_is_not_signed_over() -> None:
    content = signed("assessor")
    broken = content.replace(b"/Reason", b"/Reasom")
    assert broken != content
    assert refused_by(lambda: sign(broken, "reviewer")) == ["sign_broken"]


@pytest.mark.parametrize("content", [b"", b"no pdf", b"%PDF-1.4\n%%EOF", b"%PDF-1.7\nstartxref\n9\n%%EOF"])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    assert refused_by(lambda: sign(content, "assessor")) == ["pdf_unreadable"]
    assert refused_by(lambda: check_signatures(content)) == ["pdf_unreadable"]


def test_certificates_that_are_not_above_the_signers_stay_out() -> None:
    found = replace(key("assessor"), chain=(*authority("另一个根 CA").trust, *authority(ROOT).trust))
    content = sign_report(unsigned(), found, "assessor", now=NOW)[0]
    match = GAP.search(content)
    assert match is not None
    held = bytes.fromhex(match[1].decode())
    assert [authority(name).der in held for name in (ROOT, "另一个根 CA")] == [True, False]
    assert faults(content) == [()]


# --- how it looks ---


def appearance(content: bytes, role: str) -> Any:
    with pikepdf.open(io.BytesIO(content)) as document:
        (field,) = [field for field in document.Root.AcroForm.Fields if str(field.T) == role]
        blank = pikepdf.new()
        page = blank.add_blank_page(page_size=(200, 200))
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Look=blank.copy_foreign(field.AP.N)))
        fonts = page.obj.Resources.XObject.Look.Resources.Font
        page.obj.Resources.Font = fonts
        page.obj.Contents = blank.make_stream(b"/Look Do")
        target = io.BytesIO()
        blank.save(target, static_id=True)
    return read(target.getvalue())


def test_a_persons_signature_shows_name_organisation_and_time() -> None:
    shown = appearance(signed("assessor"), "assessor").pages[0].split("\n")
    assert shown == [
        "电子签名",
        "赵六",
        ORGANISATION,
        "2026-11-23 09:30:05 +08:00",
    ]


def test_a_seal_shows_the_organisation_around_and_the_day_inside() -> None:
    found = appearance(signed(*ALL), "body")
    assert found.run == ORGANISATION + "电子签章2026-11-2309:30:05+08:00"


def test_a_signature_speaks_the_language_of_its_report() -> None:
    assert "Signed electronically" in appearance(sign(unsigned("en"), "assessor"), "assessor").text


def test_the_fonts_of_a_signature_are_embedded(tmp_path: Path) -> None:
    listed = said_by("pdffonts", signed(*ALL), tmp_path).splitlines()[2:]
    assert len(listed) > 2
    assert [line for line in listed if " yes yes yes " not in line] == []


def test_a_character_outside_the_fonts_shows_its_code_point_and_is_told() -> None:
    content, problems = sign_report(unsigned(), key("assessor", "赵\U00020bb7"), "assessor", now=NOW)
    assert [(problem.code, dict(problem.params)["codepoint"]) for problem in problems] == [("glyph_missing", "U+20BB7")]
    assert "U+20BB7" in appearance(content, "assessor").text


@pytest.mark.parametrize("name", ["很长的名字" * 4, "<b>&amp;</b> \\) Tj", "A" * 64])
def test_any_name_fits_its_place(name: str) -> None:
    content = sign_report(unsigned(), key("assessor", name), "assessor", now=NOW)[0]
    shown = appearance(content, "assessor").pages[0].split("\n")[1]
    assert shown == name or (shown.endswith("…") and name.startswith(shown[:-1]))
    assert check_signatures(content)[0].signer == name


# --- outside programs ---


def test_poppler_accepts_the_signatures_of_a_whole_report(tmp_path: Path) -> None:
    assessment, dossier = assessed()
    content = report_bytes(assessment, dossier, programme())[0]
    for role in ROLES:
        content = sign(content, role)
    said = said_by("pdfsig", content, tmp_path, "-nocert")
    assert said.count("Signature is Valid.") == 3
    assert said.count("ETSI.CAdES.detached") == 3
    assert said.count("Total document signed") == 1
    assert "No syntax or stream encoding errors" in said_by("qpdf", content, tmp_path, "--check")
    assert check_signatures(content, authority(ROOT).trust, now=NOW)[2].trusted


def test_poppler_too_finds_a_changed_byte(tmp_path: Path) -> None:
    content = signed("assessor").replace(b"/Reason", b"/Reasom")
    assert "Signature is Valid." not in said_by("pdfsig", content, tmp_path, "-nocert")


# --- what is found ---


def test_a_changed_page_is_found() -> None:
    content = signed(*ALL)
    assert faults(content.replace(b"/MediaBox", b"/MediaBux", 1)) == [("content",)] * 3


def test_the_last_signature_alone_answers_for_what_came_with_it() -> None:
    content = signed("assessor", "reviewer")
    at = content.rindex(b"/Reason")
    assert faults(content[:at] + b"/Reasom" + content[at + 7 :]) == [(), ("content",)]


@pytest.mark.parametrize("more", [b"\n", b"%", b"x"])
def test_whatever_comes_after_the_last_signature_is_found(more: bytes) -> None:
    try:
        found = faults(signed("assessor") + more)
    except Refused as refused:
        assert [problem.code for problem in refused.problems] == ["pdf_unreadable"]
    else:
        assert found[-1] != ()


def test_an_update_after_signing_is_found() -> None:
    with pikepdf.open(io.BytesIO(signed("assessor"))) as document:
        box = [float(edge) for edge in document.pages[0].MediaBox]
    writer = IncrementalPdfFileWriter(io.BytesIO(signed("assessor")))
    writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"0 0 %d %d re f" % (box[2], box[3]))))
    target = io.BytesIO()
    writer.write(target)
    assert faults(target.getvalue()) == [("changed_after",)]


def test_a_signature_that_nothing_refers_to_is_found() -> None:
    fields = re.search(rb"/Fields \[[^]]*\]", unsigned())
    assert fields is not None
    content = signed("assessor").replace(fields[0], b"/Fields [".ljust(len(fields[0]) - 1) + b"]")
    (status,) = check_signatures(content)
    assert (status.role, status.faults) == ("", ("lost",))
    assert signature_sentence(status, "zh") == "无主签名：签名无效：文件里有一个签名不在任何签名位置上。"


def test_a_message_may_hold_nothing_besides() -> None:
    content = signed("assessor")
    match = GAP.search(content)
    assert match is not None
    padded = content[: match.end(1) - 2] + b"01" + content[match.end(1) :]
    assert faults(padded) == [("container",)]


def test_a_signature_by_another_key_is_found() -> None:
    made, other = (GAP.search(content) for content in (signed("assessor"), sign(unsigned(), "assessor", now=NOW + timedelta(days=1))))
    assert made is not None and other is not None
    content = signed("assessor")
    swapped = content[: made.start(1)] + other[1][: len(made[1])].ljust(len(made[1]), b"0") + content[made.end(1) :]
    assert faults(swapped) == [("content",)]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_byte_can_be_changed_unnoticed(data: st.DataObject) -> None:
    content = signed("assessor")
    match = GAP.search(content)
    assert match is not None
    places = st.one_of(
        st.integers(0, len(content) - 1), st.integers(len(unsigned()), len(content) - 1), st.integers(match.start(1), match.end(1) - 1)
    )
    at = data.draw(places)
    byte = data.draw(st.integers(0, 255).filter(lambda new: new != content[at]))
    changed = content[:at] + bytes([byte]) + content[at + 1 :]
    try:
        found = check_signatures(changed, now=NOW)
    except Refused as refused:
        assert [problem.code for problem in refused.problems] == ["pdf_unreadable"]
    else:
        assert [status for status in found if status.intact] == []


# --- trust ---


@pytest.mark.parametrize(("trusted", "expected"), [(ROOT, True), ("另一个根 CA", False)])
def test_trust_is_whose_certificates_are_named(trusted: str, expected: bool) -> None:
    (status,) = check_signatures(signed("assessor"), authority(trusted).trust, now=NOW)
    assert (status.trusted, status.intact) == (expected, True)


def test_a_certificate_that_has_ended_is_not_trusted() -> None:
    (status,) = check_signatures(signed("assessor"), authority(ROOT).trust, now=END + timedelta(days=1))
    assert (status.trusted, status.intact) == (False, True)


def test_a_signers_own_certificate_can_be_trusted() -> None:
    (status,) = check_signatures(signed("assessor"), (key("assessor").certificate,), now=NOW)
    assert status.trusted is True


# --- time stamps ---


def test_a_time_stamp_says_when_the_signature_was_there() -> None:
    (status,) = check_signatures(stamped(), authority(ROOT).trust, now=NOW)
    assert status.stamped_at == "2026-11-23T01:30:08+00:00"
    assert (status.faults, status.trusted) == ((), True)


@cache
def stamped() -> bytes:
    return sign(unsigned(), "assessor", stamper=stamper_of())


def test_a_time_stamp_outlives_the_certificate() -> None:
    (status,) = check_signatures(stamped(), authority(ROOT).trust, now=END + timedelta(days=1))
    assert (status.trusted, status.intact) == (True, True)


def test_a_stamp_by_a_stranger_proves_no_time() -> None:
    content = sign(unsigned(), "assessor", stamper=stamper_of("另一个根 CA"))
    (status,) = check_signatures(content, authority(ROOT).trust, now=END + timedelta(days=1))
    assert (status.trusted, status.intact) == (False, True)


def test_poppler_accepts_a_stamped_signature(tmp_path: Path) -> None:
    assert "Signature is Valid." in said_by("pdfsig", stamped(), tmp_path, "-nocert")


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_byte_of_a_stamped_signature_can_be_changed_unnoticed(data: st.DataObject) -> None:
    content = stamped()
    match = GAP.search(content)
    assert match is not None
    at = data.draw(st.integers(match.start(1), match.end(1) - 1))
    digit = data.draw(st.sampled_from([new for new in b"0123456789abcdef" if new != content[at]]))
    found = check_signatures(content[:at] + bytes([digit]) + content[at + 1 :], now=NOW)
    assert [status for status in found if status.intact] == []


class Silent(TimeStamper):
    """An authority that does not answer."""

    async def async_request_tsa_response(self, req: Any) -> Any:
        raise TimestampRequestError("nobody answers")


def test_without_the_stamp_that_was_asked_for_nothing_is_signed() -> None:
    with pytest.raises(Refused) as caught:
        sign(unsigned(), "assessor", stamper=Silent())
    (problem,) = caught.value.problems
    assert (problem.code, dict(problem.params)) == ("stamp_refused", {"reason": "nobody answers"})


# --- keys ---


def test_a_key_opens_with_its_password() -> None:
    assert needs_password(packed())
    assert load_key(packed(), PASSWORD, Where(), now=NOW).signer == "赵六"


def test_a_key_may_have_no_password() -> None:
    plain = packed(password="")
    assert not needs_password(plain)
    assert load_key(plain, None, Where(), now=NOW).organisation == ORGANISATION


@pytest.mark.parametrize(
    ("content", "password", "code"),
    [
        (packed(), "wrong", "key_password"),
        (packed(), None, "key_password"),
        (b"", PASSWORD, "key_unreadable"),
        (b"-----BEGIN PRIVATE KEY-----", PASSWORD, "key_unreadable"),
        (packed(ends=datetime(2026, 6, 1, tzinfo=UTC)), PASSWORD, "key_out_of_date"),
        (packed(uses=("key_encipherment",)), PASSWORD, "key_not_for_signing"),
    ],
)
def test_a_key_that_cannot_sign_is_refused(content: bytes, password: str | None, code: str) -> None:
    assert refused_by(lambda: load_key(content, password, Where(), now=NOW)) == [code]


@pytest.mark.parametrize("use", ["digital_signature", "content_commitment"])
def test_a_key_for_signatures_is_taken_and_trusted(use: str) -> None:
    found = load_key(packed(uses=(use,)), PASSWORD, Where(), now=NOW)
    content = sign_report(unsigned(), found, "assessor", now=NOW)[0]
    assert check_signatures(content, authority(ROOT).trust, now=NOW)[0].trusted


def test_certificates_are_read_from_text_and_from_bytes(tmp_path: Path) -> None:
    both, one = tmp_path / "both.pem", tmp_path / "one.der"
    both.write_bytes(authority(ROOT).pem + authority("另一个根 CA").pem)
    one.write_bytes(authority(ROOT).der)
    assert [len(read_certificates(path)) for path in (both, one)] == [2, 1]
    assert read_certificates(one)[0].dump() == authority(ROOT).der


@pytest.mark.parametrize(
    "content", [b"", b"nothing", b"-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n", b"\x30\x03\x02\x01\x01"]
)
def test_a_file_without_certificates_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "trust.pem"
    path.write_bytes(content)
    assert refused_by(lambda: read_certificates(path)) == ["certificates_unreadable"]


# --- words ---


def test_a_signature_in_words() -> None:
    (status,) = check_signatures(signed("assessor"), authority(ROOT).trust, now=NOW)
    assert signature_sentence(status, "zh") == (
        f"编制负责人签名：赵六（{ORGANISATION}）；签署时间 2026-11-23 09:30:05+08:00（签署人自述）；签名有效；证书可信。"
    )
    broken = replace(status, faults=("content",), trusted=False)
    assert signature_sentence(broken, "en").endswith(
        "the signature does not hold: what it covers was changed after it was signed; the certificate is not trusted."
    )


def test_a_signature_as_plain_data() -> None:
    (status,) = check_signatures(signed("assessor"), now=NOW)
    plain = status.to_plain()
    assert (plain["role"], plain["intact"], plain["faults"], plain["trusted"]) == ("assessor", True, [], None)
