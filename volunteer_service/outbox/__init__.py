"""The outbox: what leaves the service by e-mail, SMS or group robot, kept until a door accepts it.

A delivery is written in the transaction of its act; only the jobs process sends it
(:mod:`sending`). A «door» is a channel by which a delivery leaves (:mod:`doors`).
"""
