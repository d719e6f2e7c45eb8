"""Sources that the code itself declares: ``# purpose:`` comments and ``Annotated[..., "purpose: ..."]``."""

from __future__ import annotations

import dataclasses

from purposelint.config.model import COMMENT, Annotations, Limits, Origin, Source
from purposelint.config.patterns import NameStep, Pattern
from purposelint.facts.program import Program
from purposelint.facts.syntax import AnnAssign, Assign, Attribute, Class, Expr, Function, Module, Name, Statement
from purposelint.link.modules import Modules

TagSources = dict[tuple[str, int], int]


def with_tags(program: Program, annotations: Annotations) -> tuple[Annotations, TagSources]:
    """The annotations with the sources that comments declare, and the index of each by file and ref."""
    sources = list(annotations.sources)
    places: TagSources = {}
    modules = Modules(program.paths)
    for path in program.defining("tag", "purpose"):
        facts = program.facts(path)
        if facts is None or not facts.tagging:
            continue
        for ref, names, tag in _tags(facts):
            dotted = [*modules.name_of(path).split("."), *names]
            limits, data = _limits(annotations, tag)
            if limits is None:
                continue
            places[(path, ref)] = len(sources)
            steps = tuple(NameStep(part) for part in dotted)
            sources.append(
                Source(
                    id=".".join(dotted),
                    match=(Pattern(".".join(dotted), steps),),
                    excluded=(),
                    within=(),
                    data=data,
                    limits=limits,
                    origin=Origin(path, 1),
                    pack=COMMENT,
                )
            )
    if not places:
        return annotations, places
    return dataclasses.replace(annotations, sources=tuple(sources)), places


def _limits(annotations: Annotations, tag: str) -> tuple[Limits | None, str | None]:
    """What a tag's text says: ``security, service; data: user.contact.email``."""
    data: str | None = None
    purposes: tuple[str, ...] = ()
    for index, part in enumerate(tag.split(";")):
        name, colon, text = part.partition(":")
        if colon and name.strip() == "data":
            data = text.strip()
        elif index == 0:
            purposes = tuple(purpose.strip() for purpose in part.split(",") if purpose.strip())
    inherited = annotations.limits_of(data) if data is not None else Limits()
    if not purposes and inherited.purposes is None:
        return None, data
    return dataclasses.replace(inherited, purposes=purposes or inherited.purposes), data


def _tags(facts: Module) -> list[tuple[int, list[str], str]]:
    """The tagged definitions of a file: the ref, the qualified name's parts, the text."""
    found: list[tuple[int, list[str], str]] = []
    _in_block(facts, facts.body, [], None, found)
    for function in facts.functions:
        parts = [part for part in function.qualname.split(".") if part != "<locals>"]
        owner = facts.classes[function.cls] if function.cls is not None else None
        for param in function.params:
            if param.tag is not None:
                found.append((param.ref, [*parts, param.name], param.tag))
        _in_block(facts, function.body, parts, (owner, function), found)
    for cls in facts.classes:
        _in_block(facts, cls.body, cls.qualname.split("."), None, found)
    return found


def _in_block(
    facts: Module,
    body: tuple[Statement, ...],
    scope: list[str],
    method: tuple[Class | None, Function] | None,
    found: list[tuple[int, list[str], str]],
) -> None:
    for statement in body:
        if isinstance(statement, Assign | AnnAssign):
            if statement.tag is not None:
                targets = statement.targets if isinstance(statement, Assign) else (statement.target,)
                for target in targets:
                    names = _named(target, scope, method)
                    if names:
                        found.append((statement.ref, names, statement.tag))
            continue
        for name in ("body", "orelse", "final"):
            inner = getattr(statement, name, None)
            if isinstance(inner, tuple):
                _in_block(facts, inner, scope, method, found)
        for group in ("handlers", "cases"):
            for each in getattr(statement, group, ()):
                _in_block(facts, each.body, scope, method, found)


def _named(target: Expr, scope: list[str], method: tuple[Class | None, Function] | None) -> list[str]:
    if isinstance(target, Name):
        return [*scope, target.name]
    if isinstance(target, Attribute) and isinstance(target.value, Name) and method is not None:
        owner, function = method
        if owner is not None and function.params and function.params[0].name == target.value.name:
            return [*owner.qualname.split("."), target.attr]
    return []
