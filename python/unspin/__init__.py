"""Finds machine-rewritten ("spun") English and restores the wording that stood there.

>>> import unspin
>>> report = unspin.scan("They said that a second round of talks was held.")
>>> report.label
'unknown'

Texts of fewer than 60 words are labelled "unknown": nothing is claimed of them.
"""

from ._native import (
    Finding,
    Model,
    Report,
    Section,
    __version__,
    restore,
    scan,
    scan_batch,
)

__all__ = [
    "Finding",
    "Model",
    "Report",
    "Section",
    "__version__",
    "restore",
    "scan",
    "scan_batch",
]
