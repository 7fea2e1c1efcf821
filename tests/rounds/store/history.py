"""Certificates of made-up rounds, put into a store as a round leaves them: rows of rounds, applications and certificates in one change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from engine import Act, Store
from engine.rounds.store.models import ApplicationRow, CertificateRow, DossierRow, RoundRow


class Issued(NamedTuple):
    """A certificate: in which round, of which kind, for which district, on which day (ISO text)."""

    round: str
    kind: str
    district: str
    day: str


def put(store: Store, certificates: Iterable[Issued], rules: str = "") -> None:
    """Put certificates and their rounds into the store; each has a number of its own."""
    found = list(certificates)
    with store.change(Act("甲", "2020-01-01T00:00:00Z", "issue", "history")) as session:
        for name in sorted({one.round for one in found}):
            day = min(one.day for one in found if one.round == name)
            session.add(RoundRow(id=name, scheme="jiaxing_2017", state="issued", opened_on=day, changed_on=day, seed=name, rules=rules))
        session.flush()
        for i, one in enumerate(found, 1):
            number = f"{one.round}-{i:04d}"
            texts = dict.fromkeys(("standard", "industry", "third_party"), "")
            head = {"number": number, "round": one.round, "credit_code": f"C{i}", "name": f"示例{i}（虚构）", "kind": one.kind}
            session.add(ApplicationRow(**head, **texts, district=one.district, state="certified", version=1, revision=0))
            session.flush()
            content = {"dossier": number, "sha256": "0" * 64, "content": '{"applicant": {}}', "places": "{}", "day": one.day}
            session.add(DossierRow(application=number, version=1, **content))
            session.add(
                CertificateRow(
                    number=f"JX-{one.kind}-{i:04d}",
                    application=number,
                    issued_on=one.day,
                    valid_until="2020-12-31",
                    file="",
                    sha256="0" * 64,
                )
            )
