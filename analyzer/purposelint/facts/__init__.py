"""The facts of one file: what the front end writes and the data-flow analysis reads.

The seam between the two. A fact mentions no other file, so that it can be cached by
content hash and computed in another process.
"""
