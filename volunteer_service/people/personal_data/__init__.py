"""Personal data shown, exported, and who looked."""
