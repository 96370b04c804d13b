"""What a relative does on their own pages beside answering: another time, what helps, how ready,
that nothing more is to be written.
"""
