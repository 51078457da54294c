"""The ledger: points are integer hundredths, moved by transfers that nothing can change."""
