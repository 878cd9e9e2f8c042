"""Templates in one language: what can be said already is said when a template is compiled, not each time it is shown."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from baton.console import i18n

_ASKS: Final = ("_", "gettext")
_SPECIAL: Final = re.compile("[&<>\"']")
_PLACE: Final = re.compile(r"%\((\w+)\)s")


def put(value: Any) -> str:
    """A value as it stands in a page: escaped, unless it is markup already."""
    if type(value) is str:
        return escape(value) if _SPECIAL.search(value) else value
    return value if type(value) is Markup else escape(value)


class Spoken(Environment):
    """The templates as somebody of this language sees them."""

    def __init__(self, language: str, **named: Any) -> None:
        super().__init__(**named)
        self._saying = _Saying(language)
        self.same: dict[str, Callable[..., Any]] = {}
        """Functions that answer the same for the same for as long as the process lives: asked when a template is compiled."""
        self.plain: dict[str, Callable[..., Any]] = {}
        """Functions of their arguments alone."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        self._saying.same, self._saying.plain = self.same, self.plain
        found: nodes.Template = self._saying.visit(super()._parse(source, name, filename))
        return found


class _Saying(NodeTransformer):
    """Puts the translation where a template asks for one by a text that stands in it, and icons where they are named."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.same: dict[str, Callable[..., Any]] = {}
        self.plain: dict[str, Callable[..., Any]] = {}

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        """A sentence with values becomes its pieces, with the values between them."""
        whole: list[nodes.Expr] = []
        for one in node.nodes:
            whole += self._pieces(one) if isinstance(one, nodes.Call) else (self.visit(one),)
        node.nodes = whole
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """`_("Inbox")` becomes its words; with values, words that they are put into, escaped."""
        self.generic_visit(node)
        if (words := self._words(node)) is None:
            return self._known(node)
        if not node.kwargs:
            return nodes.TemplateData(words % {}, lineno=node.lineno)
        values = [nodes.Pair(nodes.Const(one.key), one.value, lineno=node.lineno) for one in node.kwargs]
        return nodes.Mod(nodes.TemplateData(words), nodes.Dict(values), lineno=node.lineno)

    def _words(self, node: nodes.Call) -> str | None:
        if not isinstance(node.node, nodes.Name) or node.node.name not in _ASKS or len(node.args) != 1 or node.dyn_kwargs:
            return None
        asked = node.args[0]
        if not isinstance(asked, nodes.Const) or not isinstance(asked.value, str):
            return None
        return i18n.translated(asked.value, self._language)

    def _pieces(self, node: nodes.Call) -> Iterator[nodes.Expr]:
        words = self._words(node)
        if not words or not node.kwargs or "%" in _PLACE.sub("", words):
            yield self.visit(node)
            return
        self.generic_visit(node)
        values = {one.key: one.value for one in node.kwargs}
        for number, part in enumerate(_PLACE.split(words)):
            yield values[part] if number % 2 else nodes.TemplateData(part, lineno=node.lineno)

    def _known(self, node: nodes.Call) -> nodes.Node:
        """`icon("check")` becomes its drawing."""
        if not isinstance(node.node, nodes.Name) or node.node.name not in self.same or node.kwargs or node.dyn_args:
            return self._straight(node)
        given = [_constant(one) for one in node.args]
        if None in given:
            return self._straight(node)
        said = self.same[node.node.name](*given)
        made = nodes.TemplateData(said) if isinstance(said, Markup) else nodes.Const(said)
        return made.set_lineno(node.lineno)

    def _straight(self, node: nodes.Call) -> nodes.Node:
        """`moment(at)` becomes `at | moment`: Jinja asks a function what it wants of the page each time, and a filter once."""
        if not isinstance(node.node, nodes.Name) or node.node.name not in self.plain or not node.args:
            return node
        first, *others = node.args
        return nodes.Filter(first, node.node.name, others, node.kwargs, node.dyn_args, node.dyn_kwargs, lineno=node.lineno)


def _constant(node: nodes.Expr) -> Any:
    """What stands there, where that is known before a page is asked for."""
    return node.value if isinstance(node, nodes.Const) else Markup(node.data) if isinstance(node, nodes.TemplateData) else None


class _Plain(CodeGenerator):
    """Makes templates that put what stands together together: a page is a few hundred pieces rather than thousands."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """Begin with what each piece is put down with."""
        self.writeline(f"from {__name__} import put")
        super().visit_Template(node, frame)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        """Join what comes one after the other."""
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) < 2:
            super().visit_Output(node, frame)
            return
        whole = self.temporary_identifier()
        self.writeline(f"{whole} = []")
        inner = frame.copy()
        inner.buffer = whole
        super().visit_Output(node, inner)
        self.writeline(f"yield concat({whole})")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("put(")
        else:
            super()._output_child_pre(node, frame, finalize)


Spoken.code_generator_class = _Plain
