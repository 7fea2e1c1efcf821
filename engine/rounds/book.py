"""A round as plain values: what its workbook, letters, lists, screens and plan read. The store makes it, nothing here knows the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.assess.results import Interval
from engine.problems import Problem

ACCEPTED, REPLACED, DUPLICATE, REFUSED = "accepted", "replaced", "duplicate", "refused"
"""What became of a file that was handed in: taken, taken in place of an earlier version, handed in before, sent back."""
WITHIN, RESERVE, OUTSIDE = "within", "reserve", "outside"
"""Where a rank lies against the quota: within it, next in line, or not to be ranked at all."""
CERTIFY, DECLINE = "certify", "decline"
WITHDRAWN = "withdrawn"
"""The state of an application that was taken back."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A file that was handed in on a day (ISO text). ``number`` is the application's that it became, empty where it was refused."""

    file: str
    sha256: str
    day: str
    outcome: str
    applicant: str = ""
    credit_code: str = ""
    number: str = ""
    version: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Recheck:
    """What the office found otherwise when it checked again: both values are kept. ``name`` is the element's id, ``field`` what of it."""

    name: str
    field: str
    before: str
    after: str
    reason: str
    by: str
    day: str


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody held against an application while it was published; ``answer`` is empty as long as it is open."""

    by: str
    day: str
    text: str
    upheld: bool | None = None
    answer: str = ""
    answered_by: str = ""
    answered_on: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate: its number, the days between which it is valid (ISO text), and what has become of it."""

    number: str
    issued_on: str
    valid_until: str
    state: str = "valid"


@dataclass(frozen=True, slots=True)
class Application:
    """One application of a round. ``result`` is its assessment as the JSON object of docs/results.md, None as long as it has not been run.

    ``rank`` counts within ``group`` (kind, district, tier). Where the office checked again, ``result`` is what came out with its values.
    """

    number: str
    credit_code: str
    name: str
    kind: str
    standard: str
    district: str
    industry: str
    state: str
    version: int
    dossier_id: str
    dossier_sha256: str
    third_party: str = ""
    result: Mapping[str, Any] | None = None
    outcome: str = ""
    tier: str = ""
    settled: bool = False
    provisional: bool = False
    score: Interval | None = None
    report_sha256: str = ""
    reviewers: tuple[str, ...] = ()
    rank: int | None = None
    place: str = ""
    ranked_by: str = ""
    decision: str = ""
    reason: str = ""
    rechecks: tuple[Recheck, ...] = ()
    objections: tuple[Objection, ...] = ()
    certificate: Issued | None = None
    products: str = ""
    """What it makes, as its dossier says; catalogues print it."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A programme as a round has frozen it: by the hashes of its standard and its scheme."""

    kind: str
    standard: str
    ruleset: str
    ruleset_version: str
    ruleset_sha256: str
    scheme: str
    scheme_version: str
    scheme_sha256: str


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of a kind a district may certify in a round; None where there is no limit."""

    kind: str
    district: str
    places: int | None


@dataclass(frozen=True, slots=True)
class RoundBook:
    """A whole round: applications by number, submissions in the order they came. ``day`` is that of its last change, ISO text.

    ``quotas`` are those that it was ranked against, ``published`` the first and the last day of publicity, empty before.
    """

    round: str
    scheme: str
    state: str
    opened_on: str
    day: str
    programmes: tuple[Frozen, ...]
    applications: tuple[Application, ...]
    submissions: tuple[Submission, ...] = ()
    quotas: tuple[Quota, ...] = ()
    published: tuple[str, str] = ("", "")
