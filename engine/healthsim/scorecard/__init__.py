"""The scorecard: what in a cohort cannot be, and how far its figures are from those asked for and those published."""

from healthsim.scorecard.card import scorecard
from healthsim.scorecard.rules import Rule, rule_book, score_version

__all__ = ["Rule", "rule_book", "score_version", "scorecard"]
