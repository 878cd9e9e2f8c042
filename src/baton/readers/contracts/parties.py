"""Who the parties to an agreement are: every name that may be one, with the signs for and against it."""

import math
import re
from dataclasses import dataclass, field

from baton.readers.contracts.facts import cue, legal_forms, places, printed, words
from baton.readers.contracts.found import Found
from baton.readers.contracts.mentions import Mention, mentions_in
from baton.readers.contracts.names import bare, has_legal_form, is_a_person, is_an_organisation, tidy, without_legal_form
from baton.readers.contracts.preamble import EARLY, Layout, layout_of
from baton.readers.contracts.weighing import Weights

_RANK = {"between": 0, "defined": 1, "described": 2, "legal": 3, "signs": 4, "signed": 5}


@dataclass
class Candidate:
    """A name that may be a party's: its mentions together."""

    name: str
    mentions: list[Mention] = field(default_factory=list)
    signs: dict[str, float] = field(default_factory=dict)

    @property
    def best(self) -> Mention:
        """The mention to show: where the name is introduced."""
        return min(self.mentions, key=lambda one: (_RANK.get(one.sign, 9), one.start))


def parties(text: str, weights: Weights) -> list[Found]:
    """Every candidate, as the agreement introduces them; whose chance is over `weights.take` is believed to be a party."""
    found = []
    for candidate in sorted(candidates(text), key=lambda one: one.best.start):
        best = candidate.best
        found.append(Found(tidy(candidate.name), ((best.start, best.end),), weights.chance(candidate.signs), candidate.signs))
    return found


def candidates(text: str) -> list[Candidate]:
    """Every name that may be a party's, with its signs."""
    where = layout_of(text)
    by_key: dict[str, Candidate] = {}
    for mention in mentions_in(text, where):
        name = text[mention.start : mention.end]
        key = bare(name)
        if not is_a_name(name, key):
            continue
        by_key.setdefault(key, Candidate(name)).mentions.append(mention)
    for key, candidate in by_key.items():
        candidate.name = _spelled(text, candidate)
        candidate.signs = _signs(text, where, key, candidate, by_key)
    return list(by_key.values())


def is_a_name(name: str, key: str) -> bool:
    """Whether this can be a name at all: not a legal form alone, a number or a capitalised phrase of the law."""
    if len(key) < 3 or key.isdigit() or legal_forms().fullmatch(name) or words("not_names", "whole").search(name):
        return False
    return not words("not_names", "starts").fullmatch(key) and not places().fullmatch(without_legal_form(name))


def _spelled(text: str, candidate: Candidate) -> str:
    """The fullest way the name is written where parties are named."""
    spelled = [text[one.start : one.end] for one in sorted(candidate.mentions, key=lambda one: one.start)]
    return max(spelled, key=lambda name: (has_legal_form(name), not name.isupper(), -spelled.index(name)))


def _signs(text: str, where: Layout, key: str, candidate: Candidate, others: dict[str, Candidate]) -> dict[str, float]:
    """Everything that speaks for or against a candidate, by name; `weights.toml` says how much."""
    holds = {
        **_by_the_name(key, candidate.name, others),
        **_by_the_beginning(text, where, candidate),
        **_by_the_signatures(text, where, candidate, others),
        "named_before": is_a_person(candidate.name) and _stands_in(candidate.name, text[: where.closing]),
    }
    mentions = math.log1p(len(re.findall(re.escape(candidate.name[:40]), text, re.IGNORECASE)))
    return {**{name: float(held) for name, held in holds.items()}, "mentions": mentions}


def _by_the_name(key: str, name: str, others: dict[str, Candidate]) -> dict[str, bool]:
    return {
        "legal_form": has_legal_form(name),
        "organisation": is_an_organisation(name),
        "person": is_a_person(name),
        "lawyer": bool(re.search(r"\bLLP\b", name)),
        "part_of_another": any(other != key and len(other) > len(key) and key in other for other in others),
    }


def _by_the_beginning(text: str, where: Layout, candidate: Candidate) -> dict[str, bool]:
    kinds = {one.sign for one in candidate.mentions}
    scope = [one for one in candidate.mentions if where.scope[0] <= one.start < where.scope[1]]
    early = [one for one in candidate.mentions if one.start < EARLY]
    first = min(one.start for one in candidate.mentions)
    before = [text[max(0, one.start - 70) : one.start] for one in early]
    return {
        "between": "between" in kinds,
        "listed": "listed" in kinds,
        "described": "described" in kinds,
        "in_scope": bool(scope),
        "in_scope_introduced": any(one.sign in ("defined", "described", "legal") for one in scope),
        "no_scope": where.scope == (0, 0),
        "outside_scope": where.scope != (0, 0) and not scope,
        "defined": any(one.sign == "defined" for one in early),
        "defined_first": any(one.sign == "defined" and one.start < 1500 for one in early),
        "letter_head": bool(where.salutation) and any(one.start < where.salutation for one in early),
        "title": first < 250,
        "early": first < 1000,
        "late": first > 2500,
        "others": any(cue("others", after=r"[^.;]{0,25}$").search(one) for one in before),
        "own": any(cue("own", after=r"(?: \w+){0,3}$").search(one) for one in before),
    }


def _by_the_signatures(text: str, where: Layout, candidate: Candidate, others: dict[str, Candidate]) -> dict[str, bool]:
    late = [one for one in candidate.mentions if one.start >= where.closing]
    signed = [one for one in late if one.sign == "signed"] if is_a_person(candidate.name) else []
    people = [one for other in others.values() if is_a_person(other.name) for one in other.mentions if one.sign == "signed"]
    titled = any(_has_a_title(text, one) for one in signed)
    return {
        "at_the_end": bool(late),
        "signs": any(one.sign == "signs" for one in candidate.mentions),
        "signs_alone": bool(signed) and not titled,
        "signs_for_another": titled,
        "signs_in_a_role": is_a_person(candidate.name) and any(_in_a_role(text, one) for one in late),
        "signs_last": bool(signed) and max(one.start for one in signed) >= max(one.start for one in people),
    }


def _has_a_title(text: str, one: Mention) -> bool:
    """Whether who signs here signs for somebody else."""
    by = re.search(r"\b[Bb][Yy]:?\s*(?:/[sS]/)?\s*$", text[max(0, one.start - 14) : one.start])
    return bool(by or cue("titles").search(text, one.end, one.end + 70))


def _in_a_role(text: str, one: Mention) -> bool:
    """Whether a role stands beside the signature: `EMPLOYEE: /s/ Ann Lee`."""
    before = printed("roles", "", r"\b[:\s_()”\"]*(?:By:|/[sS]/|Name:|Signature:|\s)*$").search(
        text[max(0, one.start - 60) : one.start]
    )
    return bool(before or printed("roles", r"[\s,_]*\(?“?", r"\b").match(text[one.end : one.end + 24]))


def _stands_in(name: str, text: str) -> bool:
    return bool(re.search(re.escape(name), text, re.IGNORECASE))
