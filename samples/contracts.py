"""What samples of contracts say: the customer's own contract, and what they say through the personal link."""

from typing import Literal

from pydantic import Field

from baton.types.frozen import Frozen


class Agreement(Frozen):
    """A contract that the customer's own lawyers wrote."""

    kind: Literal["agreement"]
    name: str = Field(description="the attachment's file name")
    says: dict[str, str] = Field(
        default_factory=dict, description="clauses in other words, by their names; empty words leave it out"
    )
    term: str = Field(default="", description="instead of what was agreed, as in `36 months`")
    party: str = Field(default="", description="instead of the customer's own legal name")
    without_pages: tuple[int, ...] = Field(default=(), description="pages that got lost")
    signatures: bool = Field(default=True, description="whether there is a place for them")
    hidden: str = Field(default="", description="white text on white paper, for whoever reads the text layer only")
    password: str = ""


class Countersign(Frozen):
    """What the customer says through the personal link of a contract; see `samples/countersigning.py`."""

    name: str = Field(description="as the reader of the link types it")
    says: Literal["sign", "decline"] = "sign"
    reason: str = ""
