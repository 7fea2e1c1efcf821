"""The engine's version, which every result carries."""

from __future__ import annotations

VERSION = "0.1.0"
