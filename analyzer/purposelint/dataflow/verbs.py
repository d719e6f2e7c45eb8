"""Names of methods that say something by themselves, whatever object they are of."""

from __future__ import annotations

MUTATORS = ("add", "append", "attach", "extend", "feed", "include", "insert", "push", "put", "set", "update", "write")
"""Verbs by which methods of unknown objects are taken to keep what they are given."""

WRITERS = ("dump", "export", "print", "render", "save", "savefig", "serialize", "to", "write")
"""Verbs by which something not known is taken to write to a stream that it is given."""

COMMON = frozenset(
    [
        "get",
        "set",
        "add",
        "pop",
        "update",
        "items",
        "keys",
        "values",
        "append",
        "extend",
        "insert",
        "remove",
        "clear",
        "copy",
        "index",
        "count",
        "sort",
        "reverse",
        "split",
        "join",
        "strip",
        "format",
        "encode",
        "decode",
        "replace",
        "read",
        "write",
        "close",
        "open",
        "save",
        "delete",
        "create",
        "filter",
        "all",
        "first",
        "last",
        "exists",
        "send",
        "run",
        "start",
        "stop",
        "execute",
        "commit",
        "rollback",
        "load",
        "dump",
        "loads",
        "dumps",
        "post",
        "put",
        "patch",
        "head",
        "request",
        "render",
        "connect",
    ]
)
