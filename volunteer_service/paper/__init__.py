"""Papers to print: certificates, records, posters, QR codes.

A paper is laid out once, in millimetres, as a `Sheet`; `png` and `pdf` paint the same sheet.
Nothing here reads the database: a paper is drawn from a small frozen dataclass.
"""
