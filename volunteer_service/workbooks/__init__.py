"""Workbooks in and out: reading and judging what a street hands over, exports."""
