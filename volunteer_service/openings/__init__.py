"""Opening balances: what people had in an earlier system, taken over by an import."""
