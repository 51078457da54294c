"""Staff lists: declared once, selected by the address, and shown, summed and exported by the same
code.
"""
