"""The half-yearly star rating: policies, rounds, results, objections."""
