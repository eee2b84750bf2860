"""What happened at a safe-point: coded records, only ever added, and readable only while a shift is open."""
