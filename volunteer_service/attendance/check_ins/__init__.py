"""How a scan, a tick or a name at the gate becomes a presence."""
