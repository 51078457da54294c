"""What tells an operator how the service runs: structured logs and Prometheus figures."""
