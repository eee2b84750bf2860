"""The air: the network a safe-point makes, what phones ask of it, its clock, and whether the box is well."""
