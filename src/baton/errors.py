"""The one base error; each module's own errors live beside the code that raises them."""


class BatonError(Exception):
    """Something Baton was asked to do cannot be done; the message says what to do next."""
