"""What can be wrong with policies, and where."""

from baton.errors import BatonError


class PolicyProblem(BatonError):
    """A policy or a table cannot be used; the message names the file and the line."""

    def __init__(self, message: str, file: str = "", line: int = 0) -> None:
        where = f"{file}:{line}: " if line else f"{file}: " if file else ""
        super().__init__(f"{where}{message}")
        self.file = file
        self.line = line
        self.problem = message


class CannotJudge(BatonError):
    """A proposal does not have the shape that the policies are written for, so nothing is permitted."""
