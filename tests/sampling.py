"""How much of a long list of cases a run tries: some in `make test`, all in `make long`."""

from __future__ import annotations

import os
from typing import Final

# The variable that `make long` sets: how many examples each generated test tries.
EXAMPLES: Final = "TEST_EXAMPLES"
IS_LONG: Final = EXAMPLES in os.environ
