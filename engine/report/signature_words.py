"""Signatures in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problems import Bilingual
from engine.report.signature_fields import ROLES
from engine.texts import say

if TYPE_CHECKING:
    from engine.report.signatures import SignatureStatus


def signature_role(role: str) -> str:
    """What a field is for, in both languages: its own name where no report has such a field, and that it is nobody's without any."""
    key = f"signatures.role.{role}" if role in ROLES else "signatures.nobody"
    return role if role and role not in ROLES else Bilingual(*(say(key, lang) for lang in ("zh", "en")))


def fault_words(status: SignatureStatus) -> str:
    """What is wrong with a signature, in both languages."""
    return Bilingual(
        *(
            say("signatures.separator", lang).join(say(f"signatures.fault.{fault}", lang) for fault in status.faults)
            for lang in ("zh", "en")
        )
    )


def signature_sentence(status: SignatureStatus, lang: str) -> str:
    """One signature in one sentence: who, when, whether it holds and why not, whether its maker is trusted."""
    facts = []
    if status.signer:
        other = status.organisation and status.organisation != status.signer
        facts.append(say("signatures.by_for" if other else "signatures.by", lang, signer=status.signer, organisation=status.organisation))
    if status.stamped_at:
        facts.append(say("signatures.stamped", lang, moment=status.stamped_at.replace("T", " ")))
    elif status.signed_at:
        facts.append(say("signatures.at", lang, moment=status.signed_at.replace("T", " ")))
    separator = say("signatures.separator", lang)
    faults = separator.join(say(f"signatures.fault.{fault}", lang) for fault in status.faults)
    facts.append(say("signatures.broken", lang, faults=faults) if faults else say("signatures.intact", lang))
    if status.signer:
        trust = {True: "trusted", False: "untrusted", None: "trust_open"}[status.trusted]
        facts.append(say(f"signatures.{trust}", lang))
    role = signature_role(status.role)
    name = role.en if lang == "en" and isinstance(role, Bilingual) else role
    return say("signatures.line", lang, role=name, facts=separator.join(facts)) + say("signatures.stop", lang)
