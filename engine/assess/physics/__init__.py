"""Dossier physics: the statements of a dossier held against each other, by the checks of its programme."""
