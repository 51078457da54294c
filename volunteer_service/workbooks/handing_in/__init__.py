"""Files as they are handed in: uploads that resume after a lost connection, and files handed in
twice.
"""
