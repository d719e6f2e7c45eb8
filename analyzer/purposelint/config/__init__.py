"""The annotation file: from TOML to `Annotations`, with every mistake told at once."""

from purposelint.config.applicable import applicable
from purposelint.config.hierarchy import covers
from purposelint.config.load import extends, find, find_below, load
from purposelint.config.model import Annotations
from purposelint.config.pattern_parser import PatternError, parse_pattern
from purposelint.config.patterns import Pattern

__all__ = [
    "Annotations",
    "Pattern",
    "PatternError",
    "applicable",
    "covers",
    "extends",
    "find",
    "find_below",
    "load",
    "parse_pattern",
]
