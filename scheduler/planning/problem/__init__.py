"""What is to be planned and what a plan is: values, and how weeks and hours are counted."""
