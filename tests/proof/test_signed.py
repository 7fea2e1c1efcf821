"""Signed reports: what signing adds makes no difference, everything else that comes after does."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import NumberObject, TextStringObject, pdf_name

from engine import Refused
from engine.report.signing import sign_report
from tests.proof.made import changed_after, repacked, report, verified
from tests.report import signers

ROLES = ("assessor", "reviewer", "body")
NAME = "zero_carbon_park"


@cache
def signed(*roles: str) -> bytes:
    """A report signed by roles in turn."""
    content = report(NAME, basis="verified")
    for role in roles:
        content = sign_report(content, signers.key(role), role, now=signers.NOW)[0]
    return content


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_signed_report_is_identical_and_its_signatures_are_told(count: int) -> None:
    found = verified(signed(*ROLES[:count]))
    assert found.differences == ()
    assert [status.role for status in found.signatures] == list(ROLES[:count])
    assert all(status.intact for status in found.signatures)


def test_signers_are_trusted_by_the_certificate_of_their_authority_alone() -> None:
    content = signed("assessor")
    assert [status.trusted for status in verified(content).signatures] == [None]
    assert [status.trusted for status in verified(content, trust=signers.authority(signers.ROOT).trust).signatures] == [True]
    assert [status.trusted for status in verified(content, trust=signers.authority("别的 CA").trust).signatures] == [False]


def test_a_signed_report_that_another_library_had_deflated_is_identical() -> None:
    content = repacked(report(NAME, basis="verified"), 9)
    content = sign_report(content, signers.key("assessor"), "assessor", now=signers.NOW)[0]
    assert (verified(content).identical, verified(content).method) == (True, "unpacked")


def blank_page(writer: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][1]
    page[pdf_name("/Rotate")] = NumberObject(90)
    writer.update_container(page)


def test_a_page_changed_after_signing_is_found_twice() -> None:
    found = verified(changed_after(signed("assessor"), blank_page))
    assert [difference.code for difference in found.differences] == ["drawing", "signature"]
    assert "第 2 页" in found.differences[0].text("zh")


def test_a_page_changed_before_signing_is_found_though_the_signature_holds() -> None:
    """Whoever signs can change the report in the same breath: the signature covers it, the recomputation does not."""
    content = changed_after(report(NAME, basis="verified"), blank_page)
    content = sign_report(content, signers.key("assessor"), "assessor", now=signers.NOW)[0]
    found = verified(content)
    assert [status.intact for status in found.signatures] == [True]
    assert [difference.code for difference in found.differences] == ["drawing"]


def test_another_title_behind_a_signature_is_found() -> None:
    def retitle(writer: Any) -> None:
        writer.trailer["/Info"]["/Title"] = TextStringObject("别的标题")
        writer.update_container(writer.trailer["/Info"])

    content = changed_after(report(NAME, basis="verified"), retitle)
    content = sign_report(content, signers.key("assessor"), "assessor", now=signers.NOW)[0]
    assert [difference.code for difference in verified(content).differences] == ["metadata"]


def test_bytes_after_the_last_signature_break_it() -> None:
    found = verified(signed("assessor") + b"\n")
    assert [difference.code for difference in found.differences] == ["signature"]


def test_a_signed_file_saved_again_is_neither_the_report_nor_signed() -> None:
    with pikepdf.open(BytesIO(signed("assessor"))) as opened:
        target = BytesIO()
        opened.save(target, static_id=True)
    codes = [difference.code for difference in verified(target.getvalue()).differences]
    assert codes and codes[-1] in ("signature", "signatures_unreadable")


@settings(max_examples=25)
@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_no_changed_byte_of_a_signed_report_goes_unnoticed(place: float, mask: int) -> None:
    content = signed("assessor", "reviewer")
    at = int(place * len(content))
    flipped = content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]
    try:
        found = verified(flipped)
    except Refused as refused:
        assert refused.problems
    else:
        assert not found.identical
        assert all(difference.text(lang) for difference in found.differences for lang in ("zh", "en"))
