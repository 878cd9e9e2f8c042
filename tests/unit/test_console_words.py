"""What the console says can be said in another language: nothing is written past the catalogue, and every language is whole."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import baton.console
from baton.console import i18n
from baton.console.wording import words
from baton.runtime.bootstrap import ENGINE_MODULES
from baton.runtime.project import discover
from baton.runtime.root import project_root

HERE = Path(baton.console.__file__).parent
SCRIPTS = sorted((HERE / "static" / "js").glob("*.js"))
OTHERS = sorted(set(i18n.languages()) - {i18n.SOURCE})
KEYS = {"Enter", "Escape"}
"""Names of keys, as the browser says them."""
AS_THEY_ARE = {"Baton", "English", "Deutsch", "JSON", "CSV", "PDF", "KB", "Ctrl", "Esc", "ms", "SHA"}


OURS = {"casebook", "contracts", "crm", "erp", "mail", "purchasing", "signing"}
"""Systems that this project brings along. What somebody adds is shown in its own words, and needs no translation."""


@cache
def named() -> frozenset[str]:
    """What our agents and actions, their arguments and their facts are called, as the console says it."""
    found = discover(project_root(), ENGINE_MODULES).declarations.values()
    agents = {one.name.partition(".")[2] for one in found if one.kind == "agent"}
    declared = [one for one in found if one.kind == "effect" and one.name.partition(".")[0] in OURS]
    fields = {field for one in declared for model in (one.action, one.facts_type) for field in model.model_fields}
    return frozenset(words(name) for name in agents | fields | {one.name.partition(".")[2] for one in declared})


def messages() -> dict[str, str | tuple[str, ...]]:
    """Every text that a template or a module marks for translation, by its first form, and every name of our own."""
    options = {"**.html": {"extensions": "jinja2.ext.do", "trim_blocks": "true"}}
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    found = (message for _, _, message, _, _ in extract_from_dir(HERE, methods, options))
    return {one if isinstance(one, str) else one[0]: one for one in found} | {name: name for name in named()}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_with_the_same_places_in_it(language: str) -> None:
    with (i18n.FOLDER / language / "LC_MESSAGES" / "console.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    texts = messages()
    assert len(texts) > 400
    said = {text: catalogue.get(text) for text in texts}
    missing = [text for text, found in said.items() if found is None or not found.string or found.fuzzy]
    assert missing == [], f"add them to `locales/{language}/LC_MESSAGES/console.po`"
    for text, found in said.items():
        assert found is not None
        forms = [found.string] if isinstance(found.string, str) else list(found.string)
        assert all(forms), text
        for form in forms:
            assert set(re.findall(r"%\(\w+\)s", form)) <= set(re.findall(r"%\(\w+\)s", "".join(texts[text]))), text
    unused = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id} - texts.keys()
    assert unused == set()


@pytest.mark.parametrize("template", sorted((HERE / "templates").glob("*.html")), ids=lambda path: path.name)
def test_a_template_says_nothing_that_no_language_could_change(template: Path) -> None:
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", template.read_text(), flags=re.DOTALL)
    shown = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', text)
    text = re.sub(r"<(code|kbd|script|svg)\b.*?</\1>|<[^>]*>|&\w+;", " ", text, flags=re.DOTALL)
    words = {word for part in (text, *shown) for word in re.findall(r"[^\W\d_]{2,}", part)}
    assert words - AS_THEY_ARE == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_holds_no_sentence(script: Path) -> None:
    code = re.sub(r"^\s*//.*$", "", script.read_text(), flags=re.MULTILINE)
    said = [text for pair in re.findall(r'"([^"\n]*)"|`([^`]*)`', code) for text in pair]
    sentence = re.compile(r"[A-Z][a-z]+|[^\W\d_]+[.!?]?( [^\W\d_]+[.,!?]?)+")
    assert {text for text in said if sentence.fullmatch(text)} <= KEYS


def test_the_consoles_own_scripts_are_small() -> None:
    assert sum(len(gzip.compress(script.read_bytes())) for script in SCRIPTS) <= 25 * 1024


def test_a_word_of_the_records_is_said_in_the_readers_language() -> None:
    i18n.speak("de")
    try:
        said = [words(name) for name in ("handed_over", "customer-service", "frobnicator")]
        assert said == ["Übergeben", "Kundendienst", "Frobnicator"]
    finally:
        i18n.speak(i18n.SOURCE)
