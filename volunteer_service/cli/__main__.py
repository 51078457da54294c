"""``python -m volunteer_service.cli``: how one command starts another."""

from volunteer_service.cli import main

main()
