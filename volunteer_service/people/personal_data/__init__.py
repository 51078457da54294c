"""Personal data: shown, exported, and every look logged."""
