"""What a process does for the processes that it starts."""

import ctypes
import signal


def die_with_parent() -> None:
    """End this process with its parent, even a killed one, so that no child keeps the port (Linux:
    prctl).
    """
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
