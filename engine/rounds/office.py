"""A dossier as it stands after the office's checks."""

from __future__ import annotations

from collections.abc import Sequence

from engine.assess.statements import Statements, Subject, dossier_of, statements
from engine.assess.views import rechecked
from engine.dossier.bind import has_verified
from engine.dossier.read import canonical_dossier
from engine.dossier.schema import Dossier
from engine.ruleset.programme import Programme


def as_seen(dossier: Dossier, programme: Programme) -> Statements:
    """What a dossier states before the office checks: what the third party verified, or else what was declared."""
    basis = "verified" if has_verified(dossier) else "declared"
    return statements(dossier, basis, Subject(programme, dossier, basis).closed)


def office_dossier(dossier: Dossier, programme: Programme, found: Sequence[str]) -> Dossier:
    """The dossier as it stands after the office's checks, each in canonical form; to be assessed as verified. Raises Refused."""
    stated = as_seen(dossier, programme)
    for content in found:
        stated = rechecked(stated, canonical_dossier(content.encode(), dossier.id))
    return dossier_of(stated, dossier)
