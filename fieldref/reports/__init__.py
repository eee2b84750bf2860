"""The fixed tables a branch makes of what many safe-points recorded; small numbers stay at the branch."""
