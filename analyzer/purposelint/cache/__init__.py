"""What earlier runs found out, kept on disk: bytes under a digest of everything that they were made from.

It knows nothing of what it keeps. An entry is never out of date, for what it depends on is in its key; so there is
nothing to invalidate, and the folder may be shared by branches, checkouts and machines, or be gone at any time.
"""

from purposelint.cache.digests import digest, front_end, tool
from purposelint.cache.store import LIMIT, Content, Store, default_folder

__all__ = ["LIMIT", "Content", "Store", "default_folder", "digest", "front_end", "tool"]
