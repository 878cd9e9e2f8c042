"""How well fields are read from real documents, and how many of them could go through without a person."""

from benchmarks.reading.figures import calibration_error, risk_coverage, share, upper95
from benchmarks.reading.items import Labelled, Truth, half_of

__all__ = ["Labelled", "Truth", "calibration_error", "half_of", "risk_coverage", "share", "upper95"]
