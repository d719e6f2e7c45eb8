"""The project on disk: which files there are, what they contain, and the cache. The only place that reads sources."""
