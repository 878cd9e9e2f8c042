"""Templates as they are compiled: sentences in the reader's language, everything escaped once."""

from collections.abc import Callable

import pytest
from jinja2 import DictLoader, StrictUndefined, UndefinedError
from markupsafe import Markup

from baton.console import i18n
from baton.console.spoken import Spoken, put

TEMPLATES = {
    "page.html": '{% from "macros.html" import mark %}<p>{{ _("“%(what)s” is kept.", what=what) }}</p>{% include "part.html" %}',
    "part.html": '{% for one in many %}<i title="{{ one }}">{{ mark(one) }}</i>{% endfor %}{{ sign("x") }}{{ sign(what) }}',
    "macros.html": "{% macro mark(text) %}<b>{{ text }}</b>{% endmacro %}",
    "base.html": "<main>{% block body %}nothing{% endblock %}</main>",
    "child.html": '{% extends "base.html" %}{% block body %}{{ a }}-{{ b }}{% if c %}, {{ c }}{% endif %}{% endblock %}',
    "set.html": "{% set kept %}<u>{{ a }}</u>{% endset %}{{ kept }}{{ kept }}",
}


@pytest.fixture
def spoken() -> Callable[[str], Spoken]:
    def made(language: str) -> Spoken:
        env = Spoken(
            language,
            loader=DictLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
        )
        env.install_gettext_callables(i18n._, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
        env.same = {"sign": lambda name: Markup("<svg>%s</svg>") % name}
        env.globals.update(env.same)
        return env

    return made


def test_what_people_wrote_is_escaped_once_wherever_it_stands(spoken: Callable[[str], Spoken]) -> None:
    text = spoken("en").get_template("page.html").render(what="<a> & 'b'", many=['"x"', Markup("<em>y</em>")])
    assert "<p>“&lt;a&gt; &amp; &#39;b&#39;” is kept.</p>" in text
    assert '<i title="&#34;x&#34;"><b>&#34;x&#34;</b></i>' in text
    assert '<i title="<em>y</em>"><b><em>y</em></b></i>' in text
    assert "<svg>x</svg><svg>&lt;a&gt; &amp; &#39;b&#39;</svg>" in text


def test_a_sentence_with_values_keeps_its_order_in_another_language(spoken: Callable[[str], Spoken]) -> None:
    made = spoken("de")
    source = '{{ _("%(by)s asked %(to)s", by=one, to="<R>") }}'
    words = i18n.translated("%(by)s asked %(to)s", "de") % {"by": "M", "to": "&lt;R&gt;"}
    assert made.from_string(source).render(one="M") == words
    assert words != "M asked &lt;R&gt;"


def test_blocks_and_sets_put_together_what_they_hold(spoken: Callable[[str], Spoken]) -> None:
    made = spoken("en")
    assert made.get_template("child.html").render(a="1<", b=2, c=None) == "<main>1&lt;-2</main>"
    assert made.get_template("child.html").render(a="1", b=2, c="3") == "<main>1-2, 3</main>"
    assert made.get_template("set.html").render(a="&") == "<u>&amp;</u><u>&amp;</u>"


def test_a_name_that_was_not_given_is_an_error_and_never_silence(spoken: Callable[[str], Spoken]) -> None:
    with pytest.raises(UndefinedError):
        spoken("en").get_template("child.html").render(a="1", c="3")
    with pytest.raises(UndefinedError):
        spoken("en").get_template("page.html").render(many=())


@pytest.mark.parametrize(
    ("value", "said"),
    [("plain", "plain"), ("<b>", "&lt;b&gt;"), (Markup("<b>"), "<b>"), (5, "5"), (None, "None"), ("a&b", "a&amp;b"), ("", "")],
)
def test_each_value_is_put_down_as_it_may_stand(value: object, said: str) -> None:
    assert put(value) == said
