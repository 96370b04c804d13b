"""The doors for the command line: each command opens a transaction, asks for one deed and
commits.
"""
