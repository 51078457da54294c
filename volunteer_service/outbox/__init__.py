"""The outbox: what leaves the service by e-mail, SMS or group robot, kept until a door took it.

A delivery is written in the transaction of the act that tells; the jobs process alone sends
(:mod:`sending`). A door is where a delivery leaves (:mod:`doors`).
"""
