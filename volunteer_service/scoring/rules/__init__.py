"""The programme's rules as pure functions: ints, dates and instants in, frozen answers out.

Standard library only; nothing here reads a clock, a database, a request or a setting. Numbers come
from a versioned `policy.Policy`; answers carry `reasons.Reason`s, which pages and API word.
"""
