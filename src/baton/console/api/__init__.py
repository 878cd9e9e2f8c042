"""The REST API under `/api/v1`: everything the console does, with the same view models, questions to Cedar, and rows.

A resource is `resources/<name>.py` with a `router`; it is found without a list.
"""
