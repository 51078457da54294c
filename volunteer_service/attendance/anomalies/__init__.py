"""Anomalies: each row is something that looks wrong about check-ins and hours; somebody accepts or
rejects it.
"""
