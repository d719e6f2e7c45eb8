"""The annotation file: from TOML to `Annotations`, with every mistake told at once."""
