"""Health check of the container: fails unless the server answers."""

import os
import sys
import urllib.error
import urllib.request

try:
    with urllib.request.urlopen(f"http://127.0.0.1:{os.environ['PORT']}/livez", timeout=4):
        pass
except (urllib.error.URLError, TimeoutError) as error:
    sys.exit(f"no answer: {error}")
