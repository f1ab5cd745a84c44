"""Answers: small tables read off solutions, draws over the prior, and the claims ledger."""

from outlast.answers.answer import Answers, answer

__all__ = ["Answers", "answer"]
