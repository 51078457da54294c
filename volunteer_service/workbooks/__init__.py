"""Imports of a street's workbooks, in four steps: reading, judging, writing, undoing.

``receiving`` stores the files and looks at their headers with ``reading``; ``judging`` takes or
refuses each row, one module a list; ``applying`` writes the taken rows with ``writing``, at once or
after ``approval``; ``undoing`` takes a whole import back. ``background_steps`` and ``whole_import``
run the steps.
"""
