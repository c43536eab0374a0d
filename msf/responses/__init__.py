"""What was said: sealed while a round is open, and after its close answers and comments that nobody is tied to."""
