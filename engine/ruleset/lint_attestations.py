"""Lints of what has been attested of a programme: a figure that is gone or has been changed since is attested no longer."""

from __future__ import annotations

from engine.problems import ProblemList
from engine.ruleset.compile import Compiled
from engine.ruleset.listing import listed_figures


def attestations_hold(compiled: Compiled, problems: ProblemList) -> None:
    """Every attested figure is one of the programme's, and one of the values read for it is the one that stands."""
    attested = compiled.programme.attested
    if not attested:
        return
    known = {found.figure.key: found.figure.text for found in listed_figures(compiled.programme)}
    for key, records in attested.items():
        if key not in known:
            problems.warning("attestation_unknown", records[-1].where, key=key)
        elif all(record.value != known[key] for record in records):
            stands = known[key] if known[key] is not None else "null"
            problems.warning("attestation_outdated", records[-1].where, key=key, read=records[-1].value, value=stands)
