"""greencert's public API: everything the command line and the workbench use, and nothing else.

Names are imported when first used, so that ``greencert --help`` does not wait for libraries it does not need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.advise.changes import Change as Change
    from engine.advise.costs import Costs as Costs
    from engine.advise.costs import read_costs as read_costs
    from engine.advise.lifted import AtBest as AtBest
    from engine.advise.notes import advice_notes as advice_notes
    from engine.advise.outlook import Outlook as Outlook
    from engine.advise.outlook import outlook as outlook
    from engine.advise.outlook_export import advice_json as advice_json
    from engine.advise.outlook_words import stability_sentence as stability_sentence
    from engine.advise.route import Route as Route
    from engine.advise.route import cheapest_route as cheapest_route
    from engine.advise.search import Plan as Plan
    from engine.advise.sections import Sections as Sections
    from engine.advise.sentences import at_best_lines as at_best_lines
    from engine.advise.sentences import change_sentence as change_sentence
    from engine.advise.sentences import change_title as change_title
    from engine.advise.sentences import condition_sentences as condition_sentences
    from engine.advise.sentences import supply_items as supply_items
    from engine.advise.sentences import supply_sentence as supply_sentence
    from engine.assess.assess import assess_dossier as assess_dossier
    from engine.assess.compare import Comparison as Comparison
    from engine.assess.compare import compare as compare
    from engine.assess.compare import dossier_under as dossier_under
    from engine.assess.compare_plain import comparison_plain as comparison_plain
    from engine.assess.compare_plain import views_plain as views_plain
    from engine.assess.compare_words import statement_text as statement_text
    from engine.assess.compare_words import statement_title as statement_title
    from engine.assess.coverage import ExampleCoverage as ExampleCoverage
    from engine.assess.coverage import coverage_plain as coverage_plain
    from engine.assess.describe import Explanation as Explanation
    from engine.assess.describe import describe as describe
    from engine.assess.effect import DossierEffect as DossierEffect
    from engine.assess.effect import effects as effects
    from engine.assess.effect import effects_plain as effects_plain
    from engine.assess.examples import ExampleRun as ExampleRun
    from engine.assess.examples import example_coverage as example_coverage
    from engine.assess.examples import run_examples as run_examples
    from engine.assess.explain import explain as explain
    from engine.assess.export import assessment_json as assessment_json
    from engine.assess.gaps import Gap as Gap
    from engine.assess.gaps import gaps as gaps
    from engine.assess.physics.across import with_others as with_others
    from engine.assess.physics.words import check_advice as check_advice
    from engine.assess.physics.words import check_sentence as check_sentence
    from engine.assess.results import Assessment as Assessment
    from engine.assess.results import Status as Status
    from engine.assess.results import YearResult as YearResult
    from engine.assess.sentences import because_sentences as because_sentences
    from engine.assess.sentences import finding_sentence as finding_sentence
    from engine.assess.sentences import interval_text as interval_text
    from engine.assess.sentences import number_text as number_text
    from engine.assess.sentences import reason_sentence as reason_sentence
    from engine.assess.sentences import score_text as score_text
    from engine.assess.sentences import show as show
    from engine.assess.statements import Subject as Subject
    from engine.assess.views import Views as Views
    from engine.assess.views import side_by_side as side_by_side
    from engine.dossier.bind import has_verified as has_verified
    from engine.dossier.notes import Note as Note
    from engine.dossier.read import read_dossier as read_dossier
    from engine.dossier.schema import Dossier as Dossier
    from engine.dossier.workbook_write import write_workbook as write_workbook
    from engine.official.attest import Claim as Claim
    from engine.official.attest import attest as attest
    from engine.official.attest import listing_plain as listing_plain
    from engine.official.attest import read_claims as read_claims
    from engine.official.attest import unattested_figures as unattested_figures
    from engine.official.attest import write_listing as write_listing
    from engine.official.importing import ImportPlan as ImportPlan
    from engine.official.importing import Official as Official
    from engine.official.importing import plan_import as plan_import
    from engine.official.importing import write_import as write_import
    from engine.official.importing import write_import_template as write_import_template
    from engine.official.titles import figure_title as figure_title
    from engine.official.titles import place_title as place_title
    from engine.problems import Problem as Problem
    from engine.problems import ProblemList as ProblemList
    from engine.problems import Refused as Refused
    from engine.problems import Severity as Severity
    from engine.problems import Where as Where
    from engine.problems import system_reason as system_reason
    from engine.proof.verify import Verification as Verification
    from engine.proof.verify import verify_report as verify_report
    from engine.proof.words import verification_plain as verification_plain
    from engine.proof.words import verification_sentences as verification_sentences
    from engine.report.certificate import Certificate as Certificate
    from engine.report.certificate import certificate_bytes as certificate_bytes
    from engine.report.handbook import handbook_name as handbook_name
    from engine.report.handbook import write_handbook as write_handbook
    from engine.report.outputs import FORMATS as FORMATS
    from engine.report.outputs import Format as Format
    from engine.report.outputs import output_bytes as output_bytes
    from engine.report.plan_progress import PlanProgress as PlanProgress
    from engine.report.plan_progress import counts_line as counts_line
    from engine.report.plan_progress import state_word as state_word
    from engine.report.round_summary import RoundSummary as RoundSummary
    from engine.report.round_summary import round_summary_bytes as round_summary_bytes
    from engine.report.signature_words import signature_sentence as signature_sentence
    from engine.report.signatures import SignatureStatus as SignatureStatus
    from engine.report.signatures import check_signatures as check_signatures
    from engine.report.signing import sign_report as sign_report
    from engine.report.signing import time_stamper as time_stamper
    from engine.report.signing_keys import load_key as load_key
    from engine.report.signing_keys import needs_password as needs_password
    from engine.report.signing_keys import read_bytes as read_bytes
    from engine.report.signing_keys import read_certificates as read_certificates
    from engine.rounds.assigned import assign as assign
    from engine.rounds.audit import Audit as Audit
    from engine.rounds.audit import audit as audit
    from engine.rounds.book import Application as Application
    from engine.rounds.book import RoundBook as RoundBook
    from engine.rounds.book import Submission as Submission
    from engine.rounds.certified import HeldCertificate as HeldCertificate
    from engine.rounds.certified import certificates_of as certificates_of
    from engine.rounds.deciding import answer_objection as answer_objection
    from engine.rounds.deciding import close_round as close_round
    from engine.rounds.deciding import draft_list as draft_list
    from engine.rounds.deciding import enter_objection as enter_objection
    from engine.rounds.deciding import freeze_list as freeze_list
    from engine.rounds.deciding import publish as publish
    from engine.rounds.deciding import rank_round as rank_round
    from engine.rounds.deciding import reopen as reopen
    from engine.rounds.deciding import withdraw as withdraw
    from engine.rounds.entering import Entered as Entered
    from engine.rounds.entering import enter_files as enter_files
    from engine.rounds.entering import enter_stated as enter_stated
    from engine.rounds.export import PARTS as PARTS
    from engine.rounds.intake import add_files as add_files
    from engine.rounds.intake import handed_in as handed_in
    from engine.rounds.issuing import Made as Made
    from engine.rounds.issuing import issue as issue
    from engine.rounds.lowest_lists import LowestList as LowestList
    from engine.rounds.lowest_lists import enter_lowest as enter_lowest
    from engine.rounds.lowest_lists import lowest_lists as lowest_lists
    from engine.rounds.make_book import book_of as book_of
    from engine.rounds.names import Names as Names
    from engine.rounds.names import kind_name as kind_name
    from engine.rounds.opening import open_round as open_round
    from engine.rounds.opening import round_names as round_names
    from engine.rounds.papers import round_names_of as round_names_of
    from engine.rounds.papers import round_papers as round_papers
    from engine.rounds.plan.content import entered_text as entered_text
    from engine.rounds.plan.from_dossiers import Told as Told
    from engine.rounds.plan.load import load_plan as load_plan
    from engine.rounds.plan.load import plan_ids as plan_ids
    from engine.rounds.plan.measures import measure_words as measure_words
    from engine.rounds.plan.measures import place_words as place_words
    from engine.rounds.plan.tally import Measured as Measured
    from engine.rounds.plan.tally import quarter_of as quarter_of
    from engine.rounds.plan_export import PLAN_FORMS as PLAN_FORMS
    from engine.rounds.plan_export import measures_bytes as measures_bytes
    from engine.rounds.plan_export import view_bytes as view_bytes
    from engine.rounds.plan_export import view_content as view_content
    from engine.rounds.plan_export import view_plain as view_plain
    from engine.rounds.plan_store import EnteredMeasures as EnteredMeasures
    from engine.rounds.plan_store import enter_measures as enter_measures
    from engine.rounds.plan_store import measures_of as measures_of
    from engine.rounds.plan_store import progress_of as progress_of
    from engine.rounds.plan_store import remove_measure as remove_measure
    from engine.rounds.plan_store import told_of as told_of
    from engine.rounds.pool import read_pool as read_pool
    from engine.rounds.ranking import Placing as Placing
    from engine.rounds.reading import ruleset_of as ruleset_of
    from engine.rounds.rechecking import recheck as recheck
    from engine.rounds.rechecking import stated_otherwise as stated_otherwise
    from engine.rounds.reporting import report_round as report_round
    from engine.rounds.reporting import without_report as without_report
    from engine.rounds.running import run_round as run_round
    from engine.rounds.running import setting_of as setting_of
    from engine.rounds.running import waiting as waiting
    from engine.rounds.screen.export import inspection_rows as inspection_rows
    from engine.rounds.screen.run import Screening as Screening
    from engine.rounds.screen.sheets import screening_workbook as screening_workbook
    from engine.rounds.screen.signal import Signal as Signal
    from engine.rounds.screen.words import innocent_sentence as innocent_sentence
    from engine.rounds.screen.words import signal_sentence as signal_sentence
    from engine.rounds.screening import RoundScreening as RoundScreening
    from engine.rounds.screening import round_screening as round_screening
    from engine.rounds.screening import round_screening_json as round_screening_json
    from engine.rounds.sender import Sender as Sender
    from engine.rounds.sender import read_sender as read_sender
    from engine.rounds.store.backup import backup_bytes as backup_bytes
    from engine.rounds.store.backup import restore as restore
    from engine.rounds.store.ledger import Act as Act
    from engine.rounds.store.open import Store as Store
    from engine.rounds.store.open import open_store as open_store
    from engine.rounds.store.open import upgrade_store as upgrade_store
    from engine.rounds.supervising import Decided as Decided
    from engine.rounds.supervising import decisions_of as decisions_of
    from engine.rounds.supervising import district_names as district_names
    from engine.rounds.supervising import documents_of as documents_of
    from engine.rounds.supervising import due_of as due_of
    from engine.rounds.supervising import notice_files as notice_files
    from engine.rounds.surveillance.due import Due as Due
    from engine.rounds.surveillance.due import calendar_plain as calendar_plain
    from engine.rounds.surveillance.histories import Decision as Decision
    from engine.rounds.surveillance.histories import History as History
    from engine.rounds.surveillance.ics import calendar_ics as calendar_ics
    from engine.rounds.surveillance.lowest import Scored as Scored
    from engine.rounds.surveillance.plain import history_plain as history_plain
    from engine.rounds.surveillance.plain import unattested_of as unattested_of
    from engine.rounds.surveillance.wording import fired_sentence as fired_sentence
    from engine.rounds.surveillance.wording import what_happened as what_happened
    from engine.rounds.three_way.plain import round_comparison_plain as round_comparison_plain
    from engine.rounds.three_way.reading import compare_application as compare_application
    from engine.rounds.three_way.reading import compare_round as compare_round
    from engine.rounds.three_way.tally import RoundComparison as RoundComparison
    from engine.rounds.three_way.workbook import round_comparison_workbook as round_comparison_workbook
    from engine.ruleset.clauses import CoverageSheet as CoverageSheet
    from engine.ruleset.clauses import coverage_sheet as coverage_sheet
    from engine.ruleset.clauses import figures_text as figures_text
    from engine.ruleset.clauses import sheet_plain as sheet_plain
    from engine.ruleset.clauses import with_clauses as with_clauses
    from engine.ruleset.diff import RulesetDiff as RulesetDiff
    from engine.ruleset.diff import diff_plain as diff_plain
    from engine.ruleset.diff import ruleset_diff as ruleset_diff
    from engine.ruleset.diff_words import change_sides as change_sides
    from engine.ruleset.diff_words import change_words as change_words
    from engine.ruleset.editions import read_editions as read_editions
    from engine.ruleset.figures import Attestation as Attestation
    from engine.ruleset.library import names_standard as names_standard
    from engine.ruleset.library import rulesets_root as rulesets_root
    from engine.ruleset.library import scheme_ids as scheme_ids
    from engine.ruleset.library import standard_ids as standard_ids
    from engine.ruleset.lint import lint as lint
    from engine.ruleset.lint import load_programme as load_programme
    from engine.ruleset.lint import load_standard_alone as load_standard_alone
    from engine.ruleset.lint_editions import lint_library as lint_library
    from engine.ruleset.listing import ListedFigure as ListedFigure
    from engine.ruleset.listing import listed_figures as listed_figures
    from engine.ruleset.overview import RulesetEntry as RulesetEntry
    from engine.ruleset.overview import ruleset_overview as ruleset_overview
    from engine.ruleset.overview import scheme_kinds as scheme_kinds
    from engine.ruleset.overview import scheme_programmes as scheme_programmes
    from engine.ruleset.programme import Programme as Programme
    from engine.ruleset.publish import ruleset_json_schema as ruleset_json_schema
    from engine.ruleset.select import Selection as Selection
    from engine.ruleset.select import known_codes as known_codes
    from engine.ruleset.select import select as select
    from engine.ruleset.select import selection_plain as selection_plain
    from engine.ruleset.validity import is_day as is_day
    from engine.texts import say as say
    from engine.version import VERSION as VERSION

_HOMES = {
    "condition_sentences": "engine.advise.sentences",
    "at_best_lines": "engine.advise.sentences",
    "supply_items": "engine.advise.sentences",
    "supply_sentence": "engine.advise.sentences",
    "AtBest": "engine.advise.lifted",
    "Change": "engine.advise.changes",
    "change_title": "engine.advise.sentences",
    "change_sentence": "engine.advise.sentences",
    "cheapest_route": "engine.advise.route",
    "Route": "engine.advise.route",
    "Plan": "engine.advise.search",
    "advice_json": "engine.advise.outlook_export",
    "advice_notes": "engine.advise.notes",
    "Outlook": "engine.advise.outlook",
    "Note": "engine.dossier.notes",
    "stability_sentence": "engine.advise.outlook_words",
    "Sections": "engine.advise.sections",
    "outlook": "engine.advise.outlook",
    "read_costs": "engine.advise.costs",
    "Costs": "engine.advise.costs",
    "Assessment": "engine.assess.results",
    "Attestation": "engine.ruleset.figures",
    "Certificate": "engine.report.certificate",
    "certificate_bytes": "engine.report.certificate",
    "Claim": "engine.official.attest",
    "compare": "engine.assess.compare",
    "Comparison": "engine.assess.compare",
    "comparison_plain": "engine.assess.compare_plain",
    "CoverageSheet": "engine.ruleset.clauses",
    "Dossier": "engine.dossier.schema",
    "dossier_under": "engine.assess.compare",
    "DossierEffect": "engine.assess.effect",
    "ExampleCoverage": "engine.assess.coverage",
    "ExampleRun": "engine.assess.examples",
    "Explanation": "engine.assess.describe",
    "Gap": "engine.assess.gaps",
    "ImportPlan": "engine.official.importing",
    "ListedFigure": "engine.ruleset.listing",
    "Official": "engine.official.importing",
    "Problem": "engine.problems",
    "ProblemList": "engine.problems",
    "Programme": "engine.ruleset.programme",
    "Refused": "engine.problems",
    "RulesetDiff": "engine.ruleset.diff",
    "RulesetEntry": "engine.ruleset.overview",
    "Selection": "engine.ruleset.select",
    "Severity": "engine.problems",
    "side_by_side": "engine.assess.views",
    "statement_text": "engine.assess.compare_words",
    "statement_title": "engine.assess.compare_words",
    "Status": "engine.assess.results",
    "Subject": "engine.assess.statements",
    "VERSION": "engine.version",
    "Views": "engine.assess.views",
    "views_plain": "engine.assess.compare_plain",
    "Where": "engine.problems",
    "YearResult": "engine.assess.results",
    "assess_dossier": "engine.assess.assess",
    "attest": "engine.official.attest",
    "assessment_json": "engine.assess.export",
    "because_sentences": "engine.assess.sentences",
    "change_sides": "engine.ruleset.diff_words",
    "change_words": "engine.ruleset.diff_words",
    "check_advice": "engine.assess.physics.words",
    "check_sentence": "engine.assess.physics.words",
    "check_signatures": "engine.report.signatures",
    "coverage_plain": "engine.assess.coverage",
    "coverage_sheet": "engine.ruleset.clauses",
    "describe": "engine.assess.describe",
    "diff_plain": "engine.ruleset.diff",
    "effects": "engine.assess.effect",
    "effects_plain": "engine.assess.effect",
    "example_coverage": "engine.assess.examples",
    "explain": "engine.assess.explain",
    "figure_title": "engine.official.titles",
    "figures_text": "engine.ruleset.clauses",
    "finding_sentence": "engine.assess.sentences",
    "gaps": "engine.assess.gaps",
    "handbook_name": "engine.report.handbook",
    "has_verified": "engine.dossier.bind",
    "interval_text": "engine.assess.sentences",
    "is_day": "engine.ruleset.validity",
    "known_codes": "engine.ruleset.select",
    "lint": "engine.ruleset.lint",
    "lint_library": "engine.ruleset.lint_editions",
    "listed_figures": "engine.ruleset.listing",
    "listing_plain": "engine.official.attest",
    "load_key": "engine.report.signing_keys",
    "load_programme": "engine.ruleset.lint",
    "load_standard_alone": "engine.ruleset.lint",
    "names_standard": "engine.ruleset.library",
    "needs_password": "engine.report.signing_keys",
    "number_text": "engine.assess.sentences",
    "place_title": "engine.official.titles",
    "plan_import": "engine.official.importing",
    "read_claims": "engine.official.attest",
    "read_bytes": "engine.report.signing_keys",
    "read_certificates": "engine.report.signing_keys",
    "read_dossier": "engine.dossier.read",
    "read_editions": "engine.ruleset.editions",
    "reason_sentence": "engine.assess.sentences",
    "ruleset_diff": "engine.ruleset.diff",
    "ruleset_json_schema": "engine.ruleset.publish",
    "ruleset_overview": "engine.ruleset.overview",
    "RoundSummary": "engine.report.round_summary",
    "round_summary_bytes": "engine.report.round_summary",
    "rulesets_root": "engine.ruleset.library",
    "run_examples": "engine.assess.examples",
    "say": "engine.texts",
    "scheme_ids": "engine.ruleset.library",
    "scheme_kinds": "engine.ruleset.overview",
    "scheme_programmes": "engine.ruleset.overview",
    "score_text": "engine.assess.sentences",
    "select": "engine.ruleset.select",
    "selection_plain": "engine.ruleset.select",
    "sheet_plain": "engine.ruleset.clauses",
    "show": "engine.assess.sentences",
    "sign_report": "engine.report.signing",
    "signature_sentence": "engine.report.signature_words",
    "SignatureStatus": "engine.report.signatures",
    "standard_ids": "engine.ruleset.library",
    "system_reason": "engine.problems",
    "Verification": "engine.proof.verify",
    "verification_plain": "engine.proof.words",
    "verification_sentences": "engine.proof.words",
    "verify_report": "engine.proof.verify",
    "time_stamper": "engine.report.signing",
    "unattested_figures": "engine.official.attest",
    "write_import": "engine.official.importing",
    "write_import_template": "engine.official.importing",
    "write_listing": "engine.official.attest",
    "with_others": "engine.assess.physics.across",
    "with_clauses": "engine.ruleset.clauses",
    "write_handbook": "engine.report.handbook",
    "FORMATS": "engine.report.outputs",
    "Format": "engine.report.outputs",
    "output_bytes": "engine.report.outputs",
    "write_workbook": "engine.dossier.workbook_write",
    "Audit": "engine.rounds.audit",
    "audit": "engine.rounds.audit",
    "Application": "engine.rounds.book",
    "RoundBook": "engine.rounds.book",
    "Submission": "engine.rounds.book",
    "HeldCertificate": "engine.rounds.certified",
    "certificates_of": "engine.rounds.certified",
    "Entered": "engine.rounds.entering",
    "enter_files": "engine.rounds.entering",
    "enter_stated": "engine.rounds.entering",
    "add_files": "engine.rounds.intake",
    "handed_in": "engine.rounds.intake",
    "open_round": "engine.rounds.opening",
    "round_names": "engine.rounds.opening",
    "book_of": "engine.rounds.make_book",
    "recheck": "engine.rounds.rechecking",
    "stated_otherwise": "engine.rounds.rechecking",
    "without_report": "engine.rounds.reporting",
    "report_round": "engine.rounds.reporting",
    "run_round": "engine.rounds.running",
    "setting_of": "engine.rounds.running",
    "waiting": "engine.rounds.running",
    "backup_bytes": "engine.rounds.store.backup",
    "restore": "engine.rounds.store.backup",
    "Act": "engine.rounds.store.ledger",
    "Store": "engine.rounds.store.open",
    "open_store": "engine.rounds.store.open",
    "upgrade_store": "engine.rounds.store.open",
    "round_comparison_plain": "engine.rounds.three_way.plain",
    "compare_application": "engine.rounds.three_way.reading",
    "compare_round": "engine.rounds.three_way.reading",
    "RoundComparison": "engine.rounds.three_way.tally",
    "round_comparison_workbook": "engine.rounds.three_way.workbook",
    "assign": "engine.rounds.assigned",
    "answer_objection": "engine.rounds.deciding",
    "close_round": "engine.rounds.deciding",
    "draft_list": "engine.rounds.deciding",
    "enter_objection": "engine.rounds.deciding",
    "freeze_list": "engine.rounds.deciding",
    "publish": "engine.rounds.deciding",
    "rank_round": "engine.rounds.deciding",
    "reopen": "engine.rounds.deciding",
    "withdraw": "engine.rounds.deciding",
    "Made": "engine.rounds.issuing",
    "issue": "engine.rounds.issuing",
    "PARTS": "engine.rounds.export",
    "round_names_of": "engine.rounds.papers",
    "round_papers": "engine.rounds.papers",
    "Names": "engine.rounds.names",
    "ruleset_of": "engine.rounds.reading",
    "Sender": "engine.rounds.sender",
    "read_sender": "engine.rounds.sender",
    "read_pool": "engine.rounds.pool",
    "Placing": "engine.rounds.ranking",
    "PlanProgress": "engine.report.plan_progress",
    "counts_line": "engine.report.plan_progress",
    "state_word": "engine.report.plan_progress",
    "load_plan": "engine.rounds.plan.load",
    "plan_ids": "engine.rounds.plan.load",
    "measure_words": "engine.rounds.plan.measures",
    "place_words": "engine.rounds.plan.measures",
    "Measured": "engine.rounds.plan.tally",
    "quarter_of": "engine.rounds.plan.tally",
    "PLAN_FORMS": "engine.rounds.plan_export",
    "view_bytes": "engine.rounds.plan_export",
    "view_content": "engine.rounds.plan_export",
    "view_plain": "engine.rounds.plan_export",
    "EnteredMeasures": "engine.rounds.plan_store",
    "enter_measures": "engine.rounds.plan_store",
    "measures_of": "engine.rounds.plan_store",
    "progress_of": "engine.rounds.plan_store",
    "remove_measure": "engine.rounds.plan_store",
    "told_of": "engine.rounds.plan_store",
    "entered_text": "engine.rounds.plan.content",
    "Told": "engine.rounds.plan.from_dossiers",
    "measures_bytes": "engine.rounds.plan_export",
    "inspection_rows": "engine.rounds.screen.export",
    "Screening": "engine.rounds.screen.run",
    "screening_workbook": "engine.rounds.screen.sheets",
    "Signal": "engine.rounds.screen.signal",
    "innocent_sentence": "engine.rounds.screen.words",
    "signal_sentence": "engine.rounds.screen.words",
    "RoundScreening": "engine.rounds.screening",
    "round_screening": "engine.rounds.screening",
    "round_screening_json": "engine.rounds.screening",
    "LowestList": "engine.rounds.lowest_lists",
    "enter_lowest": "engine.rounds.lowest_lists",
    "lowest_lists": "engine.rounds.lowest_lists",
    "kind_name": "engine.rounds.names",
    "Decided": "engine.rounds.supervising",
    "decisions_of": "engine.rounds.supervising",
    "district_names": "engine.rounds.supervising",
    "documents_of": "engine.rounds.supervising",
    "due_of": "engine.rounds.supervising",
    "notice_files": "engine.rounds.supervising",
    "Due": "engine.rounds.surveillance.due",
    "calendar_plain": "engine.rounds.surveillance.due",
    "calendar_ics": "engine.rounds.surveillance.ics",
    "Decision": "engine.rounds.surveillance.histories",
    "History": "engine.rounds.surveillance.histories",
    "Scored": "engine.rounds.surveillance.lowest",
    "unattested_of": "engine.rounds.surveillance.plain",
    "history_plain": "engine.rounds.surveillance.plain",
    "fired_sentence": "engine.rounds.surveillance.wording",
    "what_happened": "engine.rounds.surveillance.wording",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
