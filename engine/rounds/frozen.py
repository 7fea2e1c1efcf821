"""Programmes as rounds freeze them: packed with all their files, and composed again from them, whatever the library has become."""

from __future__ import annotations

import json
from dataclasses import dataclass

from engine.rounds.store.models import AttestationRow, SchemeRow
from engine.ruleset.archive import packed, unpacked_programme
from engine.ruleset.programme import Programme


@dataclass(frozen=True, slots=True)
class FrozenFiles:
    """What a programme is composed of again: files and how. Small enough to be handed to another process."""

    files: bytes
    compose: str

    def programme(self) -> Programme:
        """The programme; composed once a process."""
        return unpacked_programme(self.files, json.loads(self.compose), sound=True)


def frozen(round_id: str, programme: Programme) -> SchemeRow:
    """A programme as a round keeps it."""
    files, how = packed(programme)
    ruleset, scheme = programme.ruleset_identity, programme.scheme_identity
    return SchemeRow(
        round=round_id,
        kind=programme.settings.programme,
        standard=programme.settings.standard,
        ruleset=ruleset.id,
        ruleset_version=ruleset.version,
        ruleset_sha256=ruleset.sha256,
        scheme=scheme.id,
        scheme_version=scheme.version,
        scheme_sha256=scheme.sha256,
        compose=json.dumps(how, ensure_ascii=False, sort_keys=True),
        files=files,
    )


def attestations(row: SchemeRow, programme: Programme) -> list[AttestationRow]:
    """What had been attested of a programme when it was frozen, in the order of the keys."""
    found = [(key, one) for key, ones in sorted(programme.attested.items()) for one in ones]
    return [
        AttestationRow(
            round=row.round,
            kind=row.kind,
            standard=row.standard,
            seq=seq,
            key=key,
            value=one.value,
            by=one.attestation.by,
            organisation=one.attestation.organisation,
            document=one.attestation.document,
            page=one.attestation.page,
            day=one.attestation.on,
            until=one.attestation.until,
        )
        for seq, (key, one) in enumerate(found, 1)
    ]


def thawed(row: SchemeRow) -> FrozenFiles:
    """The files of a programme that a round keeps."""
    return FrozenFiles(row.files, row.compose)
