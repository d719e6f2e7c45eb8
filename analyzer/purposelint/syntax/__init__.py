"""The front end: from source text to facts. The only door to LibCST."""
