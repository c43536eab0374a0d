"""What was said: sealed slots while a round is open, and after its close answers and comments that nobody is tied to."""
