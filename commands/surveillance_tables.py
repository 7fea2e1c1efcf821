"""What the commands of surveillance draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from commands.tables import Tables
from engine import decisions_of, fired_sentence, kind_name, number_text, say, unattested_of, what_happened

if TYPE_CHECKING:
    from engine import Decided, Decision, Due, Entered, HeldCertificate, History, LowestList, Scored

STATES = {
    "valid": ("✓", "green"),
    "warned": ("!", "yellow"),
    "suspended": ("‖", "red"),
    "withdrawn": ("✗", "red"),
    "expired": ("–", "dim"),
}
Districts = Mapping[str, tuple[str, str]]


class SurveillanceTables(Tables):
    """Draws what the commands of surveillance show."""

    def words(self, key: str, **params: object) -> str:
        """A text of the catalogue of surveillance."""
        return say(f"surveillance.{key}", self.lang, **params)

    def listing(
        self, heads: Sequence[str], rows: Iterable[Sequence[str | Text]], fixed: Sequence[str] = (), right: Sequence[str] = ()
    ) -> None:
        """A table by the column titles of surveillance."""
        titles = {head: self.words(f"column.{head}") for head in heads}
        self.ruled(titles.values(), rows, [titles[head] for head in right], [titles[head] for head in fixed])

    def district(self, code: str, names: Districts) -> str:
        """A district as people call it."""
        return names[code][1 if self.lang == "en" else 0] if code in names else code or "—"

    def state(self, code: str) -> Text:
        """A state as mark and word."""
        mark, colour = STATES[code]
        return Text(f"{mark} {self.words(f'state.{code}')}", colour if colour == "dim" else f"bold {colour}")

    # --- certificates ---

    def certificates(self, held: Sequence[HeldCertificate], day: str, names: Districts) -> None:
        """One row for each certificate as it stands on a day, then how many are what."""
        rows = []
        counts: Counter[str] = Counter()
        for one in held:
            told = one.told(day)
            counts[told.state.value] += 1
            until = "—" if told.valid_until is None else told.valid_until.isoformat()
            where = self.district(one.certificate.district, names)
            rows.append((one.number, one.certificate.holder, where, self.state(told.state.value), told.since.isoformat(), until))
        if not rows:
            self.line(self.say("surveillance.none"))
            return
        self.listing(("certificate", "holder", "district", "state", "since", "until"), rows, ("certificate", "state", "since", "until"))
        summed = [f"{self.words(f'state.{state}')} {counts[state]}" for state in STATES if counts[state]]
        self.line(self.say("surveillance.as_of", day=day) + self.say("comma").join(summed))
        if going_on := [each for each in decisions_of(held, "", day, day) if each.decision.closed_on is None]:
            self.heading("surveillance.going_on", count=len(going_on))
            self.decided(going_on)

    def certificate(self, one: HeldCertificate, day: str, names: Districts, coming: Sequence[Due], late: Sequence[Due]) -> None:
        """Everything about one certificate: its state, what was decided and why, what happened, what is owed and falls due."""
        told, certificate = one.told(day), one.certificate
        self.line(f"{one.number} · {certificate.holder}", "bold")
        until = self.words("no_end") if told.valid_until is None else told.valid_until.isoformat()
        facts = [kind_name(certificate.kind, self.lang), self.say("surveillance.term", issued=certificate.issued_on, until=until)]
        if certificate.district:
            facts.insert(1, self.district(certificate.district, names))
        self.line(" · ".join(facts), "dim")
        rules = one.rules
        named = (
            f"{rules.title.in_(self.lang)} {rules.version} · {one.rules_sha256[:12]}" if one.is_ruled else self.say("surveillance.unruled")
        )
        self.line(named, "dim")
        head = self.state(told.state.value)
        head.append(self.say("surveillance.since", since=told.since.isoformat(), day=day), "not bold default")
        self.draw(head)
        self.decisions(told)
        self.events(one, day)
        self.duties(told)
        self.falling(coming, late)

    def decisions(self, told: History) -> None:
        """What was decided about a certificate, how far it has come, and the reasons."""
        if not told.decisions:
            return
        self.heading("surveillance.decisions", count=len(told.decisions))
        rows = [
            (
                each.day.isoformat(),
                self.words(f"measure.{each.decision}"),
                self.phase(each, told.day.isoformat()),
                "\n".join(fired_sentence(fired, told.rules).text(self.lang) for fired in each.fired),
            )
            for each in told.decisions
        ]
        self.listing(("day", "measure", "phase", "reasons"), rows, ("day", "measure"))
        self.resting((each, told) for each in told.decisions)

    def resting(self, decisions: Iterable[tuple[Decision, History]]) -> None:
        """How much of what decisions rest on nobody has attested."""
        found = {(told.rules.surveillance, name) for each, told in decisions for name in unattested_of(each, told.rules)}
        if found:
            self.line(self.say("surveillance.unattested", count=len(found)), "yellow")

    def phase(self, each: Decision, day: str) -> str:
        """How far a decision has come by a day, with the days that count from then on."""
        phase = self.words(f"phase.{each.phase}")
        if each.closed_on is not None:
            return self.say("surveillance.closed", phase=phase, day=each.closed_on)
        lines = [phase] if each.effective_on is None or each.phase != "in_effect" else []
        if each.effective_on is not None:
            lines.append(self.say("surveillance.effective", day=each.effective_on))
        elif each.waits_for_office:
            lines.append(self.say("surveillance.waits"))
        elif each.notice_until is not None:
            lines.append(self.say("surveillance.notice", day=each.notice_until))
        if each.phase in ("proposed", "in_effect") and each.appeal_until is not None and each.appeal_until.isoformat() >= day:
            lines.append(self.say("surveillance.appeal", day=each.appeal_until))
        return "\n".join(lines)

    def events(self, one: HeldCertificate, day: str) -> None:
        """What happened up to a day."""
        found = sorted((event for event in one.events if event.concerns(one.certificate) and event.day <= day), key=lambda each: each.key)
        if found:
            self.heading("surveillance.events", count=len(found))
            rows = [(each.day, what_happened(each, one.rules).in_(self.lang), each.document, each.entered_by) for each in found]
            self.listing(("day", "event", "document", "entered_by"), rows, ("day",))

    def duties(self, told: History) -> None:
        """What was owed, and when it was handed in."""
        if told.owed:
            self.heading("surveillance.duties")
            rows = [
                (told.rules.duty(each.duty).title.in_(self.lang), each.due.isoformat(), str(each.handed_in or "—")) for each in told.owed
            ]
            self.listing(("duty", "due_day", "handed_in"), rows, ("due_day", "handed_in"))

    def falling(self, coming: Sequence[Due], late: Sequence[Due]) -> None:
        """What is late and what falls due for one certificate."""
        for key, found in (("late", late), ("coming", coming)):
            if found:
                self.heading(f"surveillance.{key}", count=len(found))
                rows = [(each.day, self.words(f"due_kind.{each.kind}"), each.what.in_(self.lang)) for each in found]
                self.listing(("day", "due", "what"), rows, ("day", "due"))

    # --- what was entered and decided ---

    def entered(self, entered: Entered, held: Sequence[HeldCertificate], day: str, names: Districts) -> None:
        """What was entered, and how the certificates that it is about stand now."""
        self.line(self.say("surveillance.entered", new=len(entered.new), known=len(entered.known)))
        if held:
            self.line()
            self.certificates(held, day, names)

    def decided(self, found: Sequence[Decided]) -> None:
        """Decisions about certificates, and how far each has come."""
        rows = [
            (
                each.notice.day,
                each.held.number,
                each.held.certificate.holder,
                self.words(f"measure.{each.decision.decision}"),
                self.phase(each.decision, each.told.day.isoformat()),
            )
            for each in found
        ]
        self.listing(("day", "certificate", "holder", "measure", "phase"), rows, ("day", "certificate", "measure"))
        self.resting((each.decision, each.told) for each in found)

    # --- the calendar and the lowest ---

    def calendar(self, coming: Sequence[Due], late: Sequence[Due], day: str, days: int, names: Districts) -> None:
        """What is late and what falls due, by district."""
        self.line(self.say("surveillance.calendar", day=day, days=days, coming=len(coming), late=len(late)), "bold")
        for code in sorted(
            {each.district for each in (*coming, *late)}, key=lambda code: (list(names).index(code) if code in names else -1, code)
        ):
            if code:
                self.line()
                self.line(self.district(code, names), "bold")
            for key, found in (("late", late), ("coming", coming)):
                listed = [each for each in found if each.district == code]
                if listed:
                    self.heading(f"surveillance.{key}", count=len(listed))
                    rows = [(each.day, each.what.in_(self.lang), each.certificate, each.holder) for each in listed]
                    self.listing(("day", "what", "certificate", "holder"), rows, ("day", "certificate"))

    def lowest(self, lists: Sequence[LowestList], held: Mapping[str, HeldCertificate]) -> None:
        """Who is in the lowest share of each list of a year, and what it came from."""
        for at, each in enumerate(lists):
            if at:
                self.line()
            found, percent = each.found, each.rules.percent.value or "—"
            kind = kind_name(each.kind, self.lang)
            self.line(self.say("surveillance.lowest", kind=kind, year=each.year, percent=percent, listed=found.listed), "bold")
            share = "—" if found.share is None else number_text(found.share)
            self.line(self.say("surveillance.share", share=share, count=found.count, taken=len(found.lowest)), "dim")
            if found.lowest:
                rows = [
                    (one.certificate, held[one.certificate].certificate.holder, "—" if one.score is None else number_text(one.score, 2))
                    for one in found.lowest
                ]
                self.listing(("certificate", "holder", "score"), rows, ("certificate", "score"), ("score",))
            if found.tied:
                key = "tied_taken" if found.taken_at_edge else "tied_spared"
                self.line(self.say(f"surveillance.{key}", names=self._numbers(found.tied)))
            if found.unscored:
                self.line(self.say("surveillance.unscored", names=self._numbers(found.unscored)))

    def _numbers(self, scored: Iterable[Scored]) -> str:
        return self.say("comma").join(one.certificate for one in scored)
