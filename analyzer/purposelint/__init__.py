"""purposelint: static analysis for purpose limitation."""

__version__ = "0.1.0"
