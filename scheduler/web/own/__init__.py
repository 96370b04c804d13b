"""What patients and relatives set for themselves: how they are reached and reminded, when they can
come. The desk asks for hours of a week with the same form.
"""
