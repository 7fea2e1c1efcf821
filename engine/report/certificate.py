"""The certificate: one page that says who meets which standard, by which number, how long, and who issued it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from reportlab.platypus import Flowable

from engine.assess.results import Assessment
from engine.dossier.schema import Dossier
from engine.problems import Problem, ProblemList, Where
from engine.report.context import Context
from engine.report.document import Furniture, build
from engine.report.enclosures import CERTIFICATE, enclose
from engine.report.flow import seal_place
from engine.report.qr import draw_code
from engine.report.style import ACCENT, BODY, FAINT, HAIRLINE, HEADING_1, HEADING_2, HEIGHT, INK, MUTED, SMALL, TABLE, WIDTH, Type
from engine.report.text import Pen, Rich, Span, break_lines, write_lines
from engine.ruleset.programme import Programme
from engine.ruleset.validity import is_day
from engine.texts import say

_TITLE = Type(34, 46)
_CERTIFIED = frozenset({"eligible", "scored"})
_HASH_SHOWN = 16
_INSET = 26.0
_CODE = 78.0
"""The side of the QR code."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the issuing office decides: number, days (ISO text), and its own name; ``until`` is empty where there is no end."""

    number: str
    issued: str
    until: str
    issuer: str


def certificate_bytes(
    assessment: Assessment, dossier: Dossier, programme: Programme, certificate: Certificate, lang: str = "zh"
) -> tuple[bytes, list[Problem]]:
    """The certificate as a PDF of one page, byte for byte the same for the same input, and a warning for each character the fonts lack.

    Raises Refused while the result rests on figures that nobody attested, is open, is not verified by a third party or does not pass,
    and where number, days or issuer are missing or make no sense.
    """
    _refuse_unfit(assessment, dossier, certificate)
    enclosed = enclose(assessment, dossier, programme, lang, document=CERTIFICATE, options=asdict(certificate))
    context = Context(assessment, dossier, programme, lang, code=enclosed.code)
    return build([_Sheet(context, certificate)], _furniture(context, certificate), enclosed)


def _refuse_unfit(assessment: Assessment, dossier: Dossier, certificate: Certificate) -> None:
    problems = ProblemList()
    found = assessment.determination
    if found.provisional:
        problems.error("certificate_provisional", Where(), id=dossier.id, count=len(assessment.unattested))
    if not found.settled or found.outcome not in _CERTIFIED:
        problems.error("certificate_outcome", Where(), id=dossier.id, outcome=say(f"statuses.outcome.{found.outcome}"))
    if assessment.basis != "verified":
        problems.error("certificate_declared", Where(), id=dossier.id)
    for name in ("number", "issuer"):
        if not getattr(certificate, name).strip():
            problems.error("certificate_field_missing", Where(path=name), name=name)
    for name in ("issued", "until"):
        text = getattr(certificate, name)
        if not is_day(text) and (text or name == "issued"):
            problems.error("certificate_day", Where(path=name), text=text)
    if is_day(certificate.issued) and is_day(certificate.until) and certificate.until < certificate.issued:
        problems.error("certificate_days_reversed", Where(path="until"), issued=certificate.issued, until=certificate.until)
    problems.refuse_if_errors()


class _Sheet(Flowable):
    """The page, within its frame."""

    def __init__(self, context: Context, certificate: Certificate) -> None:
        super().__init__()
        self._context, self._certificate = context, certificate
        self.width, self.height = WIDTH, HEIGHT - 1

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size of the page."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the frame, then everything from the top down, then code and seal at the foot."""
        context, lang = self._context, self._context.lang
        self._draw_frame()
        pen = Pen(self.canv)
        top = self.height - 84
        title = say("report.certificate.title", lang, kind=context.kind_name)
        top = self._centred(pen, Span(title, bold=True, colour=ACCENT), _TITLE, top) - 8
        number = say("report.certificate.number", lang, number=self._certificate.number)
        top = self._centred(pen, Span(number, colour=MUTED), TABLE, top) - 44
        name = context.dossier.applicant.name or context.dossier.id
        top = self._centred(pen, Span(name, bold=True), HEADING_1, top) - 4
        code = context.dossier.applicant.credit_code
        top = self._centred(pen, Span(say("report.certificate.code", lang, code=code), colour=MUTED), TABLE, top) - 26
        top = self._centred(pen, self._statement(), BODY, top) - 20
        tier = context.programme.tier_title(context.assessment.determination.tier, lang)
        if tier:
            top = self._centred(pen, Span(tier, bold=True, colour=ACCENT), HEADING_2, top)
        top -= 24
        self._facts(pen, top)
        self._foot(pen)
        pen.finish()

    def _statement(self) -> Rich:
        context = self._context
        standard, scheme = context.programme.standard, context.programme.scheme
        titles = {"standard": standard.title.in_(context.lang), "scheme": scheme.title.in_(context.lang)}
        return say("report.certificate.statement", context.lang, kind=context.kind_name, **titles)

    def _draw_frame(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(1.6)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        canvas.setStrokeColor(FAINT)
        canvas.setLineWidth(0.5)
        canvas.rect(6, 6, self.width - 12, self.height - 12, stroke=1, fill=0)

    def _centred(self, pen: Pen, text: Rich, type: Type, top: float) -> float:
        """Write lines in the middle and return where they end."""
        room = self.width - 4 * _INSET
        lines = break_lines(text, type.size, room)
        write_lines(pen, lines, 2 * _INSET, top, room, type.size, type.leading, "centre")
        return top - len(lines) * type.leading

    def _facts(self, pen: Pen, top: float) -> None:
        """What the certificate rests on, a line each."""
        context, made, given = self._context, self._context.assessment, self._certificate
        lang = context.lang
        until = context.day(given.until) if given.until else say("report.certificate.no_end", lang)
        facts: list[tuple[str, str]] = [
            ("validity", say("report.certificate.from_until", lang, issued=context.day(given.issued), until=until))
        ]
        if made.score_max:
            facts.append(("score", say("report.certificate.of", lang, score=context.score(), max=context.number(made.score_max))))
        facts.append(("assessor", context.dossier.assessor.organisation or "—"))
        facts.append(("report", f"{made.id} · {made.ruleset.sha256[:_HASH_SHOWN]} · {made.dossier.sha256[:_HASH_SHOWN]}"))
        label = 92.0
        for name, text in facts:
            said = Span(say(f"report.certificate.{name}", lang), colour=MUTED)
            lines = break_lines(text, TABLE.size, self.width - 2 * _INSET - label)
            write_lines(pen, break_lines(said, TABLE.size, label), _INSET, top, label, TABLE.size, TABLE.leading, "left")
            write_lines(pen, lines, _INSET + label, top, self.width, TABLE.size, TABLE.leading, "left")
            top -= len(lines) * TABLE.leading + 8
            self.canv.setStrokeColor(HAIRLINE)
            self.canv.setLineWidth(0.4)
            self.canv.line(_INSET, top + 3, self.width - _INSET, top + 3)

    def _foot(self, pen: Pen) -> None:
        """The QR code, and the issuing office with the day and the place of its seal."""
        context, given, lang = self._context, self._certificate, self._context.lang
        right, foot = self.width - _INSET, 64.0
        for text, type in ((Span(given.issuer, bold=True), HEADING_2), (Span(context.day(given.issued), colour=INK), BODY)):
            lines = break_lines(text, type.size, self.width * 0.55)
            write_lines(pen, lines, 0, foot + len(lines) * type.leading, right, type.size, type.leading, "right")
            foot -= type.leading + 2
        draw_code(self.canv, context.code, _INSET, 64.0, _CODE)
        caption = break_lines(Span(say("report.cover.code", lang), colour=MUTED), SMALL.size, _CODE)
        write_lines(pen, caption, _INSET, 60.0, _CODE, SMALL.size, SMALL.leading, "centre")
        seal_place(self.canv, pen, right - 62, 134.0, say("report.commitment.seal", lang), "body")


def _furniture(context: Context, certificate: Certificate) -> Furniture:
    made, lang = context.assessment, context.lang
    name = context.dossier.applicant.name or context.dossier.id
    title = say("report.certificate.title", lang, kind=context.kind_name)
    keywords = f"ruleset {made.ruleset.sha256}; scheme {made.scheme.sha256}; dossier {made.dossier.sha256}"
    return Furniture(
        lang=lang,
        title=f"{title} · {name}",
        author=certificate.issuer,
        subject=context.programme.standard.title.in_(lang),
        keywords=f"{certificate.number}; {made.id}; {keywords}",
        creator=f"greencert {made.engine_version}",
        head_left="",
        head_right="",
        warning="",
        foot="",
    )
