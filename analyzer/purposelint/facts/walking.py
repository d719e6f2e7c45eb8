"""All that stands in a piece of syntax."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from purposelint.facts.syntax import ClassDef, FunctionDef, Lambda, Module


def nodes(part: object, definitions: Module | None = None) -> Iterator[Any]:
    """A node (or tuple of nodes) and all below it, what is outside before what is inside.

    Functions and classes are numbers in syntax; with ``definitions``, the module that they are of, they are entered.
    """
    queue: list[Any] = [part]
    for node in queue:
        if type(node) is tuple:
            queue.extend(node)
            continue
        fields = getattr(type(node), "__match_args__", ())
        if not fields:
            continue
        yield node
        if definitions is not None:
            if type(node) is FunctionDef or type(node) is Lambda:
                queue.append(definitions.functions[node.function])
            elif type(node) is ClassDef:
                queue.append(definitions.classes[node.cls])
        queue.extend(getattr(node, name) for name in fields)
