"""A proxy before the server: it waits for slow clients, so that no thread of the server does.

It is a process of its own on asyncio. It reads each request whole (head, body; large bodies into a
file) within time limits, hands it to granian over a Unix socket, and takes the whole answer back,
however slowly the client reads it. docs/decisions/0023-a-buffering-proxy-of-our-own.md says why,
and what else was measured.
"""
