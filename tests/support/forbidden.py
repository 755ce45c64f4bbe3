"""Tests on real packets where the kernel forbids them: they are skipped, with its reason."""

import re
import sys


def skip_if_forbidden(ended):
    """Ends the tests as skipped (77, as ctest is told) when that run of nettest says that it cannot work here."""
    if ended.returncode == 3 and re.search("cannot work here", ended.stderr):
        print("SKIP: " + ended.stderr.strip())
        sys.exit(77)
