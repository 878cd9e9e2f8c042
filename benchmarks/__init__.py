"""Measured claims: each module prints one JSON object."""
