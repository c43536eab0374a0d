"""Figures of many rounds: programmes by questionnaire and period, from sums that were kept at each close; no rater."""
