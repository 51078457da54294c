"""Monitoring for the operator: structured logs and Prometheus metrics."""
