"""Derivatives of answers with respect to every number, by reverse mode through the calendar solution."""
