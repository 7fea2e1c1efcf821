"""A round as three see it: what the third parties changed of the self-assessments, and what the office changed of theirs."""
