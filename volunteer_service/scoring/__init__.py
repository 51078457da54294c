"""What volunteer work is worth: the pure rules, the points ledger, the stars, the gifts."""
