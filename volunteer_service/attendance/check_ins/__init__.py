"""From a scan, a tick or a name at the gate to a presence."""
