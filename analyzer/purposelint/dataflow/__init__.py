"""The data-flow graph: what builds it, and the search for flows in it."""
