"""House rules that a linter cannot say."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("src/baton", "workflows", "agents", "activities")


def imports(file: Path) -> Iterator[tuple[str, str]]:
    """Every `from module import name` of a file, however deep it stands; `import module` with an empty name."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def outside_of_governance() -> Iterator[Path]:
    for folder in CODE:
        yield from (file for file in (ROOT / folder).rglob("*.py") if "governance" not in file.parts)


def test_permits_are_issued_inside_governance_only() -> None:
    issuing = ("baton.governance.permits", "issue"), ("baton.governance.permits", ""), ("baton.governance", "permits")
    assert [str(file) for file in outside_of_governance() if set(issuing) & set(imports(file))] == []


def test_the_rule_on_permits_looks_at_real_files() -> None:
    files = list(outside_of_governance())
    assert len(files) > 50
    assert any(("baton.governance.permits", "Permit") in set(imports(file)) for file in files)
