"""Small rules, certificates and events for the tests of surveillance."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from engine.rounds.surveillance import Certificate, Event, EventKind, Surveillance

SOURCE = {"basis": "policy"}
CODE = "91330400MA28A00001"


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def rule(name: str, when: dict[str, Any], decision: str, **then: Any) -> dict[str, Any]:
    if decision != "continue":
        then = {"notice_days": "10", "appeal_days": "20"} | then
    return {"rule": name, "title": words(name), "when": when, "then": {"decision": decision, **then}, "source": SOURCE}


ACCIDENT = {"event": {"kind": "accident"}}
WARN = rule("warn", {"event": {"kind": "penalty"}}, "warn", notice_days="0", lifted_by=["corrected"])
SUSPEND = rule("suspend", {"event": {"kind": "inspection_open"}}, "suspend", put_right_by=["corrected"], lifted_by=["corrected"])
WITHDRAW = rule("withdraw", {"event": {"kind": "false_data"}}, "withdraw")
LATE = rule("late", {"overdue": {"duty": "update", "days": "1"}}, "warn", notice_days="0", lifted_by=["handed_in"])
TOO_LONG = rule("too_long", {"lasting": {"state": "suspended", "days": "30"}}, "withdraw")
YEARLY = {
    "duty": "update",
    "title": words("update"),
    "event": "annual_update",
    "due": "04-15",
    "first_year_after": "1",
    "source": SOURCE,
}
EVERY_3_YEARS = {"duty": "again", "title": words("again"), "event": "reevaluation", "every_months": "36", "source": SOURCE}


def rules(*given: dict[str, Any], **more: Any) -> Surveillance:
    return Surveillance.model_validate(
        {
            "surveillance": "tiny",
            "version": "1.0.0",
            "title": words("tiny"),
            "document": "tiny",
            "issuer": words("office"),
            "kinds": ["green_factory"],
            "grades": {"small": words("small"), "large": words("large")},
            "penalties": {"fine": words("fine"), "stop": words("stop")},
            "term": {"months": "36", "extended_by_reevaluation": True, "source": SOURCE},
            "duties": [YEARLY],
            "rules": list(given),
        }
        | more
    )


ALL = rules(WARN, SUSPEND, WITHDRAW, LATE, TOO_LONG)
NO_DUTY = rules(WARN, SUSPEND, WITHDRAW, TOO_LONG, duties=[])


def certificate(issued: str = "2018-01-15", until: str = "2021-01-14", number: str = "C1", district: str = "nanhu") -> Certificate:
    return Certificate(number, CODE, "甲公司", "green_factory", district, issued, until)


def event(day: str, kind: str, **more: Any) -> Event:
    values: dict[str, Any] = {"certificate": "C1", "credit_code": CODE, "document": "文件", "entered_by": "李"} | more
    if isinstance(values.get("amount"), int):
        values["amount"] = Fraction(values["amount"])
    return Event(day=day, kind=EventKind(kind), **values)


def shift(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
