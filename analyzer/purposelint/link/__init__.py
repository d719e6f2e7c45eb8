"""Linking: which file, class or function a name means, across files."""
