"""The value of volunteer work: pure rules, the points ledger, stars, gifts."""
