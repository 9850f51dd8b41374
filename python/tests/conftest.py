import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def spun():
    return (ROOT / "examples" / "spun.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def genuine():
    return (ROOT / "examples" / "genuine.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def program():
    """The program of the same sources, to compare with."""
    # Taken away, since the program knows no setting of this name.
    path = os.environ.pop("UNSPIN_BINARY", None)
    if not path:
        pytest.skip("UNSPIN_BINARY names no program to compare with")
    return path
