"""What screens look at: one application of a round, or of an earlier one, with its dossier and its assessment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from engine.assess.results import Assessment
from engine.dossier.bind import Bound
from engine.dossier.schema import Dossier
from engine.ruleset.programme import Programme


@dataclass(frozen=True, slots=True)
class OfficeCheck:
    """What the office found when it checked again: the dossier as it stands since, the assessment before, and what it looked at."""

    dossier: Dossier
    before: Assessment
    checked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """One application: ``day`` (ISO text) is that of its assessment, ``third_party`` an organisation, ``evaluator`` a person.

    ``assessment`` is the one that counts, ``self_assessment`` that of what the applicant declared. ``reviewers`` look at it for the office.
    Where the office has checked again, ``office`` holds what it found. ``bound`` is the dossier of the assessment as it was bound for it,
    where somebody kept that.
    """

    number: str
    round: str
    day: str
    district: str
    industry: str
    third_party: str
    evaluator: str
    dossier: Dossier
    programme: Programme = field(repr=False, compare=False)
    assessment: Assessment = field(repr=False)
    self_assessment: Assessment | None = field(default=None, repr=False)
    reviewers: tuple[str, ...] = ()
    office: OfficeCheck | None = field(default=None, repr=False)
    bound: Bound | None = field(default=None, repr=False, compare=False)

    @property
    def assessed(self) -> Dossier:
        """The dossier that the assessment is of: as it was handed in, or as the office found it."""
        return self.office.dossier if self.office else self.dossier

    @property
    def third_party_view(self) -> Assessment:
        """The assessment before the office checked: what its evaluator answers for."""
        return self.office.before if self.office else self.assessment

    @property
    def applicant(self) -> str:
        """What tells applicants apart: the credit code, or the name where there is none."""
        return self.dossier.applicant.credit_code.strip().upper() or normal(self.dossier.applicant.name)

    @property
    def kind(self) -> tuple[str, str]:
        """What applications must share to be compared: the kind, and the standard they are assessed by."""
        return self.dossier.kind, self.programme.ruleset_identity.id

    @property
    def key(self) -> tuple[str, str]:
        """What tells applications of all rounds apart."""
        return self.round, self.number


def normal(text: str) -> str:
    """A name, an address or a number as it is compared: without spaces, hyphens and brackets, in small letters."""
    return "".join(c for c in text.casefold() if c.isalnum())


def in_order(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Cases in the order of day, round and number, whatever order they came in; each application once."""
    unique = {case.key: case for case in cases}
    return tuple(sorted(unique.values(), key=lambda case: (case.day, case.round, case.number)))


def latest_of_each(cases: Sequence[Case]) -> tuple[Case, ...]:
    """The latest case of each applicant and kind, from cases in their order."""
    return tuple({(case.applicant, case.kind): case for case in cases}.values())


def named_apart(case: Case, name: str) -> Dossier:
    """The case's dossier under a name that no other has: applicants number their dossiers as they like."""
    return replace(case.dossier, id=name)
