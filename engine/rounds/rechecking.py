"""The office's re-check of an application: what it found stands, everything else stays as it was seen, and both values are kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.assess.assess import assess_dossier
from engine.assess.changed import cells_of
from engine.assess.export import assessment_json
from engine.assess.results import Assessment
from engine.assess.statements import EVIDENCE, VALUES, different, statements
from engine.dossier.again import dossier_of_store
from engine.dossier.read import canonical_dossier
from engine.dossier.schema import Dossier, canonical_json
from engine.problems import ProblemList, Where
from engine.rounds.frozen import thawed
from engine.rounds.life import APPLICATION_MOVES, ROUND_MOVES, moved
from engine.rounds.office import office_dossier
from engine.rounds.opening import round_of
from engine.rounds.running import kept_result
from engine.rounds.store.ledger import Act
from engine.rounds.store.models import ApplicationRow, AssessmentRow, DossierRow, RecheckRow, SchemeRow
from engine.rounds.store.open import Store
from engine.ruleset.programme import Programme


def stated_otherwise(dossier: Dossier, values: Mapping[str, str], programme: Programme) -> Dossier:
    """What the office found as a dossier: the values of inputs, gates and criteria by their ids. Raises Refused for an unknown one."""
    problems = ProblemList()
    parts: dict[str, dict[str, Any]] = {"inputs": {}, "answers": {}}
    for name, value in values.items():
        if name in programme.inputs:
            parts["inputs"][name] = {"verified": value}
        elif name in programme.gates or name in programme.criteria:
            parts["answers"][name] = {"verified": value}
        else:
            near = get_close_matches(name, [*programme.inputs, *programme.gates, *programme.criteria], 5)
            problems.error("recheck_name", Where(path=name), known=", ".join(near) or "—")
    problems.refuse_if_errors()
    applicant = {"name": dossier.applicant.name, "credit_code": dossier.applicant.credit_code}
    head: dict[str, Any] = {"dossier": dossier.id, "kind": dossier.kind, "year": str(dossier.year)}
    head |= {"application_date": dossier.application_date, "applicant": applicant}
    return canonical_dossier(json.dumps({**head, **parts}, ensure_ascii=False).encode(), dossier.id)


def recheck(
    store: Store, act: Act, number: str, found: Callable[[Dossier, Programme], Dossier], day: str, seen: int | None = None
) -> Assessment:
    """Enter what the office found, assess the application by it, and return that; ``found`` makes it from the dossier and its programme.

    ``act`` says why; ``seen`` is the last entry of the ledger that whoever checked had seen. Raises Refused where it is out of order,
    where nothing differs, or where what was found does not fit.
    """
    with store.change(act, seen) as session:
        row = application_of(session, number)
        round_ = round_of(session, row.round)
        state = moved(ROUND_MOVES, "recheck", round_.state, row.round)
        row.state = moved(APPLICATION_MOVES, "recheck", row.state, number)
        kept, scheme = session.get(DossierRow, (number, row.version)), session.get(SchemeRow, (row.round, row.kind, row.standard))
        assert kept is not None and scheme is not None
        programme = thawed(scheme).programme()
        dossier = dossier_of_store(kept.content, kept.places, number)
        earlier = rechecks_of(session, number, row.version)
        before = office_dossier(dossier, programme, [one.content for one in earlier])
        content = canonical_json(found(dossier, programme))
        after = office_dossier(dossier, programme, [*(one.content for one in earlier), content])
        differences = _differences(before, after, programme)
        if not differences:
            problems = ProblemList()
            problems.error("recheck_nothing", Where(path=number))
            problems.refuse_if_errors()
        made = assess_dossier(programme, after, "verified")
        check = 1 + (session.scalar(select(func.max(AssessmentRow.check)).where(AssessmentRow.application == number)) or 0)
        head = {"application": number, "version": row.version, "check": check}
        said = json.dumps(differences, ensure_ascii=False)
        session.add(RecheckRow(**head, content=content, differences=said, reason=act.why, by=act.by, day=day))
        session.add(AssessmentRow(**head, **kept_result(made, assessment_json(made, programme), "", "")))
        row.revision += 1
        unrank(session, row.round)
        round_.state, round_.changed_on = state, day
    return made


def unrank(session: Session, round_id: str) -> None:
    """Take back what was ranked and decided in a round: what it went by has changed."""
    round_of(session, round_id).quotas = ""
    for row in session.scalars(select(ApplicationRow).where(ApplicationRow.round == round_id)):
        row.rank, row.place, row.ranked_by, row.placing, row.decision, row.reason = None, "", "", "", "", ""


def rechecks_of(session: Session, number: str, version: int) -> list[RecheckRow]:
    """The office's checks of a version of an application's dossier, in their order."""
    wanted = RecheckRow.application == number, RecheckRow.version == version
    return list(session.scalars(select(RecheckRow).where(*wanted).order_by(RecheckRow.check)))


def application_of(session: Session, number: str) -> ApplicationRow:
    """An application of the store. Raises Refused where there is none of that number."""
    row = session.get(ApplicationRow, number)
    if row is None:
        problems = ProblemList()
        problems.error("application_unknown", Where(path=number))
        problems.refuse_if_errors()
        raise AssertionError
    return row


def _differences(before: Dossier, after: Dossier, programme: Programme) -> list[tuple[str, str, str, str]]:
    """Where two states of a dossier differ: name, field (with the row of a table), text before, text after."""
    one, other = (statements(dossier, "verified", dossier.closed) for dossier in (before, after))
    found = []
    for key in different(one, other, (*VALUES, *EVIDENCE)):
        was, is_ = (cells_of(key, each.get(key), programme) for each in (one, other))
        for row, field in dict.fromkeys((*was, *is_)):
            texts = [each.get((row, field), (None, None))[0] or "" for each in (was, is_)]
            if texts[0] != texts[1]:
                found.append((key.name, " ".join(filter(None, (row, field))), *texts))
    return [(name, field, first, second) for name, field, first, second in found]
