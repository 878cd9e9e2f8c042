"""What is proposed, in one sentence."""

import pytest

from activities.contracts import accept_paper
from activities.contracts.models import AcceptPaper
from baton.governance.declare import declaration_of
from baton.governance.proposing import title_of
from baton.types.ids import DocumentId


@pytest.mark.parametrize(
    ("deviations", "told"), [(("liability-cap", "term"), "liability-cap, term"), (("term",), "term"), ((), "nothing")]
)
def test_several_things_are_a_list_in_a_sentence(deviations: tuple[str, ...], told: str) -> None:
    action = AcceptPaper(deal="D-1", document=DocumentId("a" * 64), deviations=deviations)
    assert title_of(declaration_of(accept_paper), action).endswith(f"it departs from our playbook in: {told}")


def test_what_is_left_open_is_said_to_be_open() -> None:
    action = AcceptPaper(deal="", document=DocumentId("a" * 64), deviations=())
    assert "not told" in title_of(declaration_of(accept_paper), action)
