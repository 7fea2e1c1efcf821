"""Progress of a plan: its targets as data, what has been done against them, and who is nearest to passing."""
