"""Names in running text: where one begins, given where it ends, and the other way round."""

import re
from functools import lru_cache

from baton.readers.contracts.facts import legal_forms, printed, short_form, words

MOST_WORDS = 9
_TOKEN = re.compile(r"\S+")
_CAPITAL = re.compile(r"[“\"'‘]?(?:[A-ZÀ-Þ][\w.’'&!/¢-]*|[a-z][A-Z]\w*|\d{1,3}(?!\d)[\w¢&-]*)[,;:.)”\"’]*")
_LINKS = frozenset({"of", "the", "de", "du", "la", "van", "von", "der", "den", "&", "for", "del", "di", "e", "y", "et", "and"})
_INITIAL = re.compile(r"(?:[A-Z]\.)+|St\.|Jr\.|Sr\.|Dr\.|Mr\.|Ms\.|Mrs\.|No\.|Co\.|Bros\.|Cos\.|Wm\.|Chas\.|Geo\.|Jos\.|Thos\.")
_DEGREE = re.compile(r"(?:,\s*|\s+)(?:Ph\.?\s?D|M\.?\s?D|Esq|M\.?B\.?A|C\.?P\.?A)\b\.?.*$")
_AFTER_A_PERSON = re.compile(r",? (?:Jr|Sr|II|III|IV|Ph\.?\s?D|M\.?\s?D|Esq)\b\.?")


def name_before(text: str, end: int) -> tuple[int, int] | None:
    """The name that ends at `end` (before a legal form, a bracket or a comma), or None where no name stands there."""
    end = len(text[:end].rstrip(" ,"))
    legal = _ends_with_form(text, end)
    if legal is not None:
        core = name_before(text, legal)
        return (core[0], end) if core else None
    window = max(0, end - 120)
    tokens = [(match.start(), match.group()) for match in _TOKEN.finditer(text, window, end)]
    start: int | None = None
    following = ""
    for position, token in reversed(tokens[-MOST_WORDS:]):
        if not _goes_on(token, following, first=start is None):
            break
        if token not in _LINKS:
            start = position + (len(token) - len(token.lstrip("“\"'‘(")))
        following = token
        if token[0] in "“\"'‘(":
            break
    return (start, end) if start is not None and start < end else None


def _ends_with_form(text: str, end: int) -> int | None:
    """Where the legal form begins with which the text ends here, if it does."""
    match = re.search(rf"[,\s]({legal_forms().pattern})$", text[max(0, end - 40) : end], re.IGNORECASE)
    return max(0, end - 40) + match.start(1) if match else None


def _goes_on(token: str, following: str, first: bool) -> bool:
    """Whether a name that begins with `following` may begin earlier, with this token."""
    bare = token.strip("“”\"'‘’(),;:")
    if token[-1:] in ",;:)”" and not first:
        return False
    if token == "and":
        return bool(words("organisation", "continued").fullmatch(following.strip(",.")))
    if token in _LINKS:
        return not first
    if not _CAPITAL.fullmatch(token) or (token.endswith(".") and not first and not _INITIAL.fullmatch(token)):
        return False
    if legal_forms().fullmatch(bare) and not first and following not in ("of", "&", "Holdings"):
        return False
    if bare == "The" or words("organisation", "continued").fullmatch(bare):
        return True
    return not words("not_names", "starts").fullmatch(bare)


def name_after(text: str, start: int) -> tuple[int, int] | None:
    """The name that begins at `start`, with its legal form, or None."""
    start += len(text[start:]) - len(text[start:].lstrip(' :,_-“"'))
    end, count, links = start, 0, 0
    for match in _TOKEN.finditer(text, start, start + 140):
        token = match.group()
        bare = token.strip("“”\"'‘’,;:.)")
        if token in _LINKS and token != "and" and count:
            links = 1
            continue
        if token.startswith("(") or not _CAPITAL.fullmatch(token) or (not count and words("not_names", "starts").fullmatch(bare)):
            break
        if count and not links and words("not_names", "starts").fullmatch(bare) and not printed("within_a_name").fullmatch(bare):
            break
        end, count, links = match.end(), count + 1, 0
        if token[-1:] in ",;:)”" or (token.endswith(".") and not _INITIAL.fullmatch(token)) or count == MOST_WORDS:
            break
    return _with_legal_form(text, start, _without_echo(text, start, end)) if count else None


def _without_echo(text: str, start: int, end: int) -> int:
    """A signature and the name printed below it, `Ann Lee Ann Lee`, are one name; so are those of two who sign side by side."""
    tokens = list(_TOKEN.finditer(text, start, end))
    again = next((one for index, one in enumerate(tokens) if index > 1 and one.group() == tokens[0].group()), None)
    number = next((one for index, one in enumerate(tokens) if index > 1 and one.group().isdigit()), None)
    cut = min((one.start() for one in (again, number) if one), default=end)
    return start + len(text[start:cut].rstrip())


def _with_legal_form(text: str, start: int, end: int) -> tuple[int, int]:
    end = start + len(text[start:end].rstrip(",;:)”"))
    more = re.match(rf",?\s?(?:{legal_forms().pattern})", text[end : end + 30], re.IGNORECASE) or _AFTER_A_PERSON.match(text, end)
    if more is None:
        return start, end
    return start, end + (more.end() if more.re is not _AFTER_A_PERSON else more.end() - end)


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """The letters and digits of a name without its legal form: how two mentions are told to be one."""
    without = _DEGREE.sub("", without_legal_form(name))
    without = re.sub(r"^the\s+", "", without, flags=re.IGNORECASE).replace("&", "and")
    return re.sub(r"[^a-z0-9]", "", without.lower())


def without_legal_form(name: str) -> str:
    """A name without the legal form at its end."""
    return re.sub(rf"[,\s]+(?:{legal_forms().pattern})\s*$", "", name.strip(), flags=re.IGNORECASE)


def has_legal_form(name: str) -> bool:
    """Whether a name ends with a legal form."""
    return bool(re.search(rf"[,\s](?:{legal_forms().pattern})\s*$", name, re.IGNORECASE))


def is_an_organisation(name: str) -> bool:
    """Whether a name is an organisation's, by its legal form or by what it calls itself."""
    return has_legal_form(name) or bool(words("organisation", "words").search(name)) or bool(re.search(r"\d|&", name))


def is_a_person(name: str) -> bool:
    """Whether a name looks like a person's: two to four words, all names or initials."""
    parts = name.replace(",", " ").split()
    return 2 <= len(parts) <= 5 and not is_an_organisation(name) and all(re.match(r"[A-ZÀ-Þ]", part) for part in parts)


def tidy(name: str) -> str:
    """A name as it is written down: its legal form in short, capitals only where all of it is not."""
    name = _DEGREE.sub("", " ".join(name.strip(' ,;:“”"').split()))
    name = re.sub(r"(?<=\w{4})\.$", "", name) if not has_legal_form(name) else name
    match = re.search(rf"[,\s]+({legal_forms().pattern})\s*$", name, re.IGNORECASE)
    core, form = (name[: match.start()], short_form(match.group(1))) if match else (name, "")
    if core.isupper() and len(core) > 5:
        core = " ".join(part if "." in part or "&" in part else part.capitalize() for part in core.split())
    return f"{core} {form}".strip()
