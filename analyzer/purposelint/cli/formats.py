"""The names of the formats: known here, too, for the help is told without loading the analysis."""

from __future__ import annotations

FORMATS = ("text", "full", "json", "sarif", "github", "gitlab", "junit", "html")
