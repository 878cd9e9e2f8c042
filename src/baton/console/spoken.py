"""Templates in one language: what can be said already is said when a template is compiled, not each time it is shown."""

from typing import Any, Final

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from baton.console import i18n

_ASKS: Final = ("_", "gettext")


class Spoken(Environment):
    """The templates as somebody of this language sees them."""

    def __init__(self, language: str, **named: Any) -> None:
        super().__init__(**named)
        self._saying = _Saying(language)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        found: nodes.Template = self._saying.visit(super()._parse(source, name, filename))
        return found


class _Saying(NodeTransformer):
    """Puts the translation where a template asks for one by a text that stands in it."""

    def __init__(self, language: str) -> None:
        self._language = language

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """`_("Inbox")` becomes its words; with values, words that they are put into, escaped."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in _ASKS or len(node.args) != 1 or node.dyn_kwargs:
            return node
        asked = node.args[0]
        if not isinstance(asked, nodes.Const) or not isinstance(asked.value, str):
            return node
        words = i18n.translated(asked.value, self._language)
        if not node.kwargs:
            return nodes.TemplateData(words % {}, lineno=node.lineno)
        values = [nodes.Pair(nodes.Const(one.key), one.value, lineno=node.lineno) for one in node.kwargs]
        return nodes.Mod(nodes.TemplateData(words), nodes.Dict(values), lineno=node.lineno)
