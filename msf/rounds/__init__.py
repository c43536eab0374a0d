"""Rounds: whose feedback, which questionnaires, from when to when, its state and its close."""
