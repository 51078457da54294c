"""Two entries of one person become one, with all that hangs on them; undone for some days.

Decision 0028 says what moves and what stays.
"""
