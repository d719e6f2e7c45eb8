"""Functions, classes and lambdas."""

from __future__ import annotations

import libcst as cst

from purposelint.facts import syntax as facts
from purposelint.facts.syntax import Expr, Statement
from purposelint.syntax.annotations import annotation
from purposelint.syntax.expressions import arguments
from purposelint.syntax.lowering import Lowering, Table
from purposelint.syntax.parameters import parameters
from purposelint.syntax.scopes import Scope, walrus_names
from purposelint.syntax.tags import annotation_tag, comment_tag


def _function(low: Lowering, node: cst.FunctionDef) -> tuple[Statement, ...]:
    outer_names, low.names = low.names, set()
    decorators = tuple([low.expr(decorator.decorator) for decorator in node.decorators])
    ref = low.mark(node)
    number = len(low.functions)
    low.functions.append(None)
    name = low.bind(node.name.value)
    line_tag = _header_tag(node.body) if low.tagging else None
    params = parameters(low, node.params, line_tag)
    type_parameters = _type_parameters(low, node.type_parameters)
    returns = None if node.returns is None else annotation(low, node.returns.annotation)
    tag = _function_tag(node, line_tag, returns) if low.tagging else None
    _tell_header(low, outer_names)
    path = _qualname(low.scope, node.name.value, name)
    with low.block(Scope("function", function=number, path=f"{path}.<locals>.")) as scope:
        scope.bound.update(param.name for param in params)
        body = low.suite(node.body)
    low.functions[number] = facts.Function(
        name=name,
        qualname=path,
        parent=low.scope.function,
        cls=low.scope.cls,
        params=params,
        returns=returns,
        decorators=decorators,
        body=body,
        is_async=node.asynchronous is not None,
        is_generator=scope.is_generator,
        locals=scope.locals(),
        globals=frozenset(scope.globals),
        nonlocals=frozenset(scope.nonlocals),
        names=_leave(low, outer_names),
        tag=tag,
        ref=ref,
        type_parameters=type_parameters,
    )
    return (facts.FunctionDef(number, ref),)


def _class(low: Lowering, node: cst.ClassDef) -> tuple[Statement, ...]:
    outer_names, low.names = low.names, set()
    decorators = tuple([low.expr(decorator.decorator) for decorator in node.decorators])
    ref = low.mark(node)
    number = len(low.classes)
    low.classes.append(None)
    name = low.bind(node.name.value)
    bases = arguments(low, [*node.bases, *node.keywords])
    type_parameters = _type_parameters(low, node.type_parameters)
    _tell_header(low, outer_names)
    path = _qualname(low.scope, node.name.value, name)
    inner = Scope("class", function=low.scope.function, cls=number, path=f"{path}.")
    with low.block(inner, private=node.name.value) as scope:
        body = low.suite(node.body)
    if low.scope.kind == "module":
        low.scope.bound |= scope.bound & scope.globals
    low.classes[number] = facts.Class(
        name=name,
        qualname=path,
        parent=low.scope.function,
        outer=low.scope.cls,
        bases=bases,
        decorators=decorators,
        body=body,
        locals=scope.locals(),
        names=_leave(low, outer_names),
        ref=ref,
        type_parameters=type_parameters,
    )
    return (facts.ClassDef(number, ref),)


def _lambda(low: Lowering, node: cst.Lambda) -> Expr:
    ref = low.mark(node)
    outer_names, low.names = low.names, set()
    number = len(low.functions)
    low.functions.append(None)
    params = parameters(low, node.params, None)
    path = f"{low.scope.path}<lambda>"
    with low.block(Scope("function", function=number, path=f"{path}.<locals>.")) as scope:
        scope.bound.update(param.name for param in params)
        if low.renames:
            own = scope.bound | {low.identifier(name) for name in walrus_names(node.body)}
            low.renames = {name: unique for name, unique in low.renames.items() if name not in own}
        body_ref = low.mark(node.body)
        body = (facts.Return(low.expr(node.body), body_ref),)
    names = tuple(sorted(low.names))
    # A lambda's names count for the block around it, the module's too: it has no statement of its own.
    low.names |= outer_names
    low.functions[number] = facts.Function(
        name="<lambda>",
        qualname=path,
        parent=low.scope.function,
        cls=low.scope.cls,
        params=params,
        returns=None,
        decorators=(),
        body=body,
        is_async=False,
        is_generator=scope.is_generator,
        locals=scope.locals(),
        globals=frozenset(),
        nonlocals=frozenset(),
        names=names,
        tag=None,
        ref=ref,
    )
    return facts.Lambda(number, ref)


def _type_parameters(low: Lowering, node: cst.TypeParameters | None) -> tuple[facts.TypeParameter, ...]:
    """``[T: Person]``; what stands for several types (``*Ts``, ``**P``) has no bound."""
    found = []
    for each in node.params if node is not None else ():
        ref = low.mark(each)
        bound = each.param.bound if isinstance(each.param, cst.TypeVar) else None
        lowered = None if bound is None else annotation(low, bound)
        found.append(facts.TypeParameter(each.param.name.value, lowered, ref))
    return tuple(found)


def _tell_header(low: Lowering, outer: set[str]) -> None:
    """The module's names are those of its top level alone; there a definition's header counts, its body does not."""
    if low.scope.kind == "module":
        outer |= low.names


def _leave(low: Lowering, outer: set[str]) -> tuple[str, ...]:
    """End a definition: its names, sorted; the block around it (but the module) has them too."""
    names = low.names
    low.names = outer
    if low.scope.kind != "module":
        outer |= names
    return tuple(sorted(names))


def _qualname(scope: Scope, written: str, name: str) -> str:
    return written if name in scope.globals else f"{scope.path}{written}"


def _header_tag(body: cst.BaseSuite) -> str | None:
    """The tag at the end of the line with the header's colon."""
    if isinstance(body, cst.IndentedBlock):
        return comment_tag(body.header)
    return comment_tag(body.trailing_whitespace) if isinstance(body, cst.SimpleStatementSuite) else None


def _function_tag(node: cst.FunctionDef, line_tag: str | None, returns: Expr | None) -> str | None:
    return comment_tag(node.whitespace_before_params) or line_tag or annotation_tag(returns)


STATEMENTS = Table({cst.FunctionDef: _function, cst.ClassDef: _class})
EXPRESSIONS = Table({cst.Lambda: _lambda})
