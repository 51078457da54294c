"""A proxy before the server: it waits for slow clients, so that no thread of the server does.

A process of its own on asyncio. It reads each request whole (head, body; large bodies
into a file) within time limits, hands it to granian over a Unix socket, and takes the whole answer
back, however slowly the client reads it. Why, and what else was measured:
docs/decisions/0023-a-buffering-proxy-of-our-own.md.
"""
