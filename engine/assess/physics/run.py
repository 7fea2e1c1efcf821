"""Every check of a programme run over one dossier, outside the scoring of it."""

from __future__ import annotations

from engine.assess.basis import BasisRun
from engine.assess.physics.cells import Cells
from engine.assess.physics.documents import documented
from engine.assess.physics.numbers import compared
from engine.assess.results import CheckResult
from engine.dossier.bind import Bound
from engine.ruleset.checks import Compared
from engine.ruleset.compile import compiled
from engine.ruleset.compile_checks import ready_checks


def run_checks(bound: Bound, basis: str = "declared") -> tuple[CheckResult, ...]:
    """What the statements of a dossier contradict each other in, on one basis; in the order of the checks, then of the rows."""
    ready = compiled(bound.programme)
    checks = ready_checks(ready)
    if not checks:
        return ()
    cells = Cells(BasisRun(ready, bound, basis, {}))
    found: list[CheckResult] = []
    for one in checks:
        applies = one.operands.get("applies_when")
        if applies is None or applies.run(cells.run.env, None) is True:
            found += compared(one, cells) if isinstance(one.form, Compared) else documented(one, cells)
    return tuple(found)
