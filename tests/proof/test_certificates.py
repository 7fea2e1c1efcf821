"""Certificates carry what they rest on, and are verified like reports."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from engine import verify_report
from engine.report.certificate import Certificate, certificate_bytes
from engine.report.signing import sign_report
from tests.proof.made import assessed, codes, document, with_file, with_page
from tests.proof.test_qr import code_on_page_one
from tests.report import signers

GIVEN = Certificate("ZCP-2026-0001", "2026-12-01", "2029-11-30", "示例办公室")
NAME = "zero_carbon_park"


@cache
def certificate(lang: str = "zh") -> bytes:
    """A certificate of the one sample that rests on nothing unattested."""
    assessment, dossier, programme = assessed(NAME, "verified")
    return certificate_bytes(assessment, dossier, programme, GIVEN, lang)[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_certificate_is_identical(lang: str) -> None:
    found = verify_report(certificate(lang), "certificate.pdf", code_on_page_one(certificate(lang)))
    assert found.differences == () and found.outcome == "eligible"


def test_a_sealed_certificate_is_identical() -> None:
    sealed = sign_report(certificate(), signers.key("body"), "body", now=signers.NOW)[0]
    found = verify_report(sealed, "certificate.pdf")
    assert found.differences == () and [status.role for status in found.signatures] == ["body"]


def test_another_number_on_a_certificate_is_named() -> None:
    changed = certificate()
    for table in codes(changed).values():
        old, new = ("".join(table.get(char, "?") for char in text).encode() for text in ("2026-0001", "2026-0009"))
        changed = with_page(changed, 1, lambda page, old=old, new=new: page.replace(old, new))
    found = verify_report(changed, "certificate.pdf")
    assert [difference.code for difference in found.differences] == ["printed"]
    assert "2026-0009" in dict(found.differences[0].params)["found"]


@pytest.mark.parametrize(("stated", "other"), [("2029-11-30", "2039-11-30"), ("示例办公室", "别的办公室")])
def test_another_decision_in_the_manifest_is_found(stated: str, other: str) -> None:
    changed = with_file(certificate(), "manifest.json", lambda text: text.replace(stated.encode(), other.encode()))
    assert not verify_report(changed, "certificate.pdf").identical


@pytest.mark.parametrize("options", [b"{}", b'{"number": 1, "issued": "2026-12-01", "until": "", "issuer": "x"}'])
def test_a_manifest_without_a_decision_is_refused_with_a_problem(options: bytes) -> None:
    def change(text: bytes) -> bytes:
        start = text.index(b'"options": ') + len(b'"options": ')
        return text[:start] + options + text[text.index(b"}", start) + 1 :]

    found = verify_report(with_file(certificate(), "manifest.json", change), "certificate.pdf")
    assert [problem.code for problem in found.problems] == ["manifest_malformed"]


def test_what_may_not_be_certified_is_no_certificate_though_its_manifest_says_so() -> None:
    def forge(text: bytes) -> bytes:
        return text.replace(b'"document": "certificate"', b'"document": "charter"')

    found = verify_report(with_file(certificate(), "manifest.json", forge), "certificate.pdf")
    assert [problem.code for problem in found.problems] == ["manifest_malformed"]


def test_a_certificate_has_one_page_and_the_attachments_of_a_report() -> None:
    opened: Any = document(certificate())
    assert len(opened.pages) == 1 and "assessment.json" in opened.attachments
