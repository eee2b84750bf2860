"""fieldref: information, referrals and their evidence for people on the move, with no internet."""

__version__ = "0.1.0"
