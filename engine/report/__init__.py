"""The evaluation report as PDF; :mod:`engine.report.report` writes it."""
