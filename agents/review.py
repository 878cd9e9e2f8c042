"""Holding a contract against the company's playbook: the verb `review`. Legal sees what departs from it, each with its place."""

from pydantic import Field

from activities.contracts import terms
from baton.governance.context import current
from baton.governance.declare import agent
from baton.playbook import ClauseFinding
from baton.process import do
from baton.types.findings import FieldFinding, Finding, Keyed
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId


class Review(Frozen):
    """The clauses in which a contract departs from the playbook."""

    deviations: tuple[str, ...] = Field(default=(), description="clauses of the playbook, by their ids")
    escalations: tuple[str, ...] = Field(default=(), description="those among them that only counsel may accept")


class ReviewRequest(Frozen):
    """A contract that was read."""

    document: DocumentId


@agent()
async def review_paper(request: ReviewRequest) -> Finding[Review]:
    """Compare a contract with the playbook, clause by clause; what may stand as it is does not appear."""
    departing = terms.deviating(await terms.clauses_of(request.document))
    book = terms.playbook()
    return Finding[Review](
        id=current().decision,
        values=Review(
            deviations=tuple(one.compared.clause for one in departing),
            escalations=tuple(one.compared.clause for one in departing if one.compared.verdict == "escalate"),
        ),
        fields=tuple(map(_field, departing)),
        notes=tuple(f"{one.compared.title}: {one.compared.why}" for one in departing),
        made_with={"playbook": f"{book.name}/{book.version}", "judge": departing[0].compared.judge if departing else ""},
    )


async def review(document: DocumentId) -> Finding[Review]:
    """Where a contract departs from the playbook."""
    return await do(review_paper, ReviewRequest(document=document))


def _field(found: ClauseFinding) -> FieldFinding:
    """One clause as staff see it: its verdict, and the passage that it stands on, where there is one."""
    one = found.compared
    evidence = found.evidence[0] if found.evidence else None
    said = f"{one.title}: {one.why} ({one.verdict})"
    read = tuple(Keyed(value=said, reader=one.judge, confidence=one.confidence, evidence=place) for place in found.evidence)
    return FieldFinding(
        name=one.clause, value=said, agreement="single", grounded=evidence is not None, confidence=one.confidence,
        evidence=evidence, readings=read,
    )  # fmt: skip
