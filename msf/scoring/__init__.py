"""Arrays in, numbers out: scores, intervals, disclosure; no web, no database, no clock, no questionnaire."""
