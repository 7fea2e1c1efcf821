"""What a verification found, in words and as plain data."""

from __future__ import annotations

from typing import Any

from engine.proof.verify import Verification
from engine.report.signature_words import signature_sentence
from engine.texts import LANGUAGES, catalogue, say
from engine.version import VERSION


def verdict_sentence(found: Verification, lang: str) -> str:
    """The answer: identical, or the first difference."""
    if found.differences:
        return say("proof.verdict.differs", lang, first=found.differences[0].text(lang))
    if found.method == "values":
        return say("proof.verdict.same_values", lang, engine=found.engine, version=VERSION)
    return say("proof.verdict.same_unpacked" if found.method == "unpacked" else "proof.verdict.identical", lang)


def verification_sentences(found: Verification, lang: str, *, with_code: bool = False) -> list[str]:
    """The answer, what else differs, and what was looked at."""
    lines = [verdict_sentence(found, lang)]
    lines += [say("proof.also", lang, other=one.text(lang)) for one in found.differences[1:]]
    outcome = catalogue("statuses")["outcome"].get(found.outcome, {}).get(lang, found.outcome)
    facts = {"assessment": found.assessment, "outcome": outcome, "engine": found.engine, "manifest": found.manifest_sha256}
    if with_code and not any(one.code.startswith("code_") for one in found.differences):
        facts["code"] = say("proof.facts.code_agrees", lang)
    lines += [f"{say(f'proof.facts.{name}', lang)}  {value}" for name, value in facts.items()]
    return lines + [signature_sentence(status, lang) for status in found.signatures]


def verification_plain(found: Verification) -> dict[str, Any]:
    """The verification as plain data for JSON."""
    return {
        "identical": found.identical,
        "method": found.method,
        "assessment": found.assessment,
        "outcome": found.outcome,
        "engine_version": found.engine,
        "manifest_sha256": found.manifest_sha256,
        "text": {lang: verdict_sentence(found, lang) for lang in LANGUAGES},
        "differences": [
            {"code": one.code, **dict(one.params), **{lang: one.text(lang) for lang in LANGUAGES}} for one in found.differences
        ],
        "signatures": [status.to_plain() for status in found.signatures],
        "problems": [problem.to_dict() for problem in found.problems],
    }
