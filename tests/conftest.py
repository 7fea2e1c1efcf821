from __future__ import annotations

import os

from hypothesis import settings

# A loaded machine is not a mistake, so there is no deadline; in CI the same examples are tried each time.
settings.register_profile("greencert", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("greencert")
