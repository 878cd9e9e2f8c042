"""Baton runs a company's cross-department work, and keeps every decision explainable, verifiable and undoable."""

__version__ = "0.1.0"
