"""The project on disk: which files there are, what they name, and their facts. Nothing else reads sources."""
