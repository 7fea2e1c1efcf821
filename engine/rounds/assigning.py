"""Drawing reviewers and experts for the applications of a round: by sector, without conflicts of interest, the load evened out.

Nobody's load is limited, so how many seats of an application can be filled, and how many by people who know its sector, depends on that
application alone: whoever knows the sector comes first, others only fill what is left. What remains is to choose evenly. Seats are filled
one after the other; each time the load goes to the member with the least load of all that exchanges of earlier seats can reach. That is
the method of shortest augmenting paths for a flow whose cost grows with load, whichever way it grows, so that in the end every such cost is
least: the largest load is as small, and the smallest as large, as any draw that keeps the same rules can make them (see Harvey, Ladner,
Lovász and Tamir, Semi-matchings for bipartite graphs and load balancing, 2006).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.language import half_width
from engine.problems import Bilingual, Problem, ProblemList, Where
from engine.rounds.book import Application
from engine.rounds.pool import ROLES, Member
from engine.texts import LANGUAGES, say

THIRD_PARTY, OWN, NAMED_CODE, FORMER_CLIENT, NAMED_ORGANISATION, DISTRICT = (
    "third_party",
    "own",
    "named_code",
    "former_client",
    "named_organisation",
    "district",
)
"""Why a member may not deal with an application: works for its third party or for the applicant, named the applicant as a conflict, worked
for it before, named its organisation or third party, or its district."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who was drawn for a role of an application, by id and sorted; ``other_sector`` are those of them who do not know its sector."""

    number: str
    role: str
    people: tuple[str, ...]
    other_sector: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draw:
    """A whole draw: by application and role, how many applications each member got (also none), and what could not be filled."""

    assigned: tuple[Assigned, ...]
    loads: Mapping[str, int]
    problems: tuple[Problem, ...]

    def of(self, number: str) -> tuple[str, ...]:
        """Everybody who was drawn for an application."""
        return tuple(person for each in self.assigned if each.number == number for person in each.people)


def conflict(member: Member, application: Application) -> str:
    """Why a member may not deal with an application, empty where nothing stands against it."""
    own, third_party = _plain(application.name), _plain(application.third_party)
    organisation = _plain(member.organisation)
    named = {_plain(name) for name in member.conflict_organisations}
    reasons = {
        THIRD_PARTY: bool(third_party) and organisation == third_party,
        OWN: organisation == own,
        NAMED_CODE: application.credit_code in member.conflict_codes,
        FORMER_CLIENT: application.credit_code in member.former_clients,
        NAMED_ORGANISATION: own in named or (bool(third_party) and third_party in named),
        DISTRICT: application.district in member.conflict_districts,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def conflict_words(reason: str, lang: str = "zh") -> str:
    """It in words."""
    return say(f"assigning.conflict.{reason}", lang)


def draw(applications: Iterable[Application], people: Iterable[Member], needed: Mapping[str, int], seed: str) -> Draw:
    """Draw for every application as many of each role as are needed.

    The same seed, applications and pool give the same draw in whatever order they come. Of a role's members the loads are as even as
    they can be where nobody with a conflict is drawn and the sector comes first. Where there are too few, all who are left are drawn, and
    a Problem names the application, followed by a note for every member who was excluded. Raises ValueError where a number or an id
    comes twice.
    """
    listed = sorted(applications, key=lambda application: application.number)
    members = sorted(people, key=lambda member: member.id)
    for names in ([application.number for application in listed], [member.id for member in members]):
        if len(set(names)) < len(names):
            raise ValueError("given twice")
    problems = ProblemList()
    assigned: list[Assigned] = []
    loads: dict[str, int] = {}
    for role in (role for role in ROLES if needed.get(role)):
        found = _Role(role, listed, [member for member in members if member.role == role], needed[role], seed, problems)
        assigned += [Assigned(a.number, role, *found.of(a)) for a in listed]
        loads |= found.loads
    return Draw(tuple(sorted(assigned, key=lambda each: each.number)), loads, tuple(problems))


@dataclass(slots=True)
class _Seats:
    """Some seats of one application: how many, who may sit there, in the order of the draw, and who sits there."""

    count: int
    choice: tuple[str, ...]
    everybody: frozenset[str]
    taken: set[str]


class _Role:
    """The draw of one role."""

    def __init__(
        self, role: str, applications: Sequence[Application], members: Sequence[Member], needed: int, seed: str, problems: ProblemList
    ) -> None:
        self.loads = {member.id: 0 for member in members}
        self.held: dict[str, list[_Seats]] = {member.id: [] for member in members}
        self.seats: dict[str, list[_Seats]] = {}
        self.knowing: dict[str, frozenset[str]] = {}
        for application in applications:
            free = [member for member in members if not conflict(member, application)]
            if len(free) < needed:
                _tell(application, role, members, len(free), needed, problems)
            # A park has no industry: everybody knows as much of it.
            knowing = [member.id for member in free if not application.industry or member.knows(application.industry)]
            others = [member.id for member in free if member.id not in knowing]
            self.knowing[application.number] = frozenset(knowing)
            self.seats[application.number] = []
            left = needed
            for group in (knowing, others):
                count = min(left, len(group))
                left -= count
                if count:
                    choice = tuple(sorted(group, key=lambda person: _lot(seed, application.number, person)))
                    self.seats[application.number].append(_Seats(count, choice, frozenset(group), set()))
        for number in sorted(self.seats, key=lambda number: _lot(seed, number)):
            for seats in self.seats[number]:
                for _ in range(seats.count):
                    self._fill(seats)

    def of(self, application: Application) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who was drawn for an application, and who of them does not know its sector."""
        drawn = {person for seats in self.seats[application.number] for person in seats.taken}
        return tuple(sorted(drawn)), tuple(sorted(drawn - self.knowing[application.number]))

    def _fill(self, seats: _Seats) -> None:
        """One seat more: it adds to the least load that can be reached by handing earlier seats on."""
        came_from: dict[str, tuple[str, _Seats] | None] = {person: None for person in seats.choice if person not in seats.taken}
        reached = list(came_from)
        least = min(self.loads.values())
        person = min(reached, key=lambda each: self.loads[each])
        for giver in reached:
            if self.loads[person] == least:
                break
            for other in self.held[giver]:
                for further in () if other.everybody <= came_from.keys() else other.choice:
                    if further not in came_from and further not in other.taken:
                        came_from[further] = (giver, other)
                        reached.append(further)
                        person = min(person, further, key=lambda each: self.loads[each])
        self.loads[person] += 1
        while (step := came_from[person]) is not None:
            giver, other = step
            self._sit(other, person)
            self._rise(other, giver)
            person = giver
        self._sit(seats, person)

    def _sit(self, seats: _Seats, person: str) -> None:
        seats.taken.add(person)
        self.held[person].append(seats)

    def _rise(self, seats: _Seats, person: str) -> None:
        seats.taken.remove(person)
        self.held[person] = [each for each in self.held[person] if each is not seats]


def _tell(application: Application, role: str, members: Sequence[Member], found: int, needed: int, problems: ProblemList) -> None:
    """Say that an application lacks people, and of everybody why not."""
    where = Where(path=application.number)
    what = Bilingual(*(say(f"assigning.role.{role}", lang) for lang in LANGUAGES))
    problems.error("draw_short", where, number=application.number, name=application.name, role=what, found=found, needed=needed)
    for member in members:
        if reason := conflict(member, application):
            why = Bilingual(*(conflict_words(reason, lang) for lang in LANGUAGES))
            problems.note("draw_excluded", where, number=application.number, id=member.id, name=member.name, why=why)


def _lot(*parts: str) -> str:
    """A lot that depends on these texts alone."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _plain(name: str) -> str:
    """A name as it is compared: spaces, case and full width make no difference."""
    return "".join(half_width(name).casefold().split())
