"""The whole search for planted words, as every role and on both databases, with its counts."""

import os
import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    os.environ |= {"MSF_CANARIES": "full", "MSF_FAULTS": os.environ.get("MSF_FAULTS", "1000")}
    raise SystemExit(pytest.main(["-q", "-s", "--show-capture=no", str(Path(__file__).parent), *sys.argv[1:]]))
