"""What is true now and what can be taken back: broken rules with what mends them, struck sessions,
publications that cool.
"""
