"""What travels between a safe-point and its branch: cards to pair by, and bundles, signed and sealed."""
