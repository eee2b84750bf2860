"""The doors: public, staff and branch, each a web application with a listener of its own.

Nothing is imported here: whoever opens the public door must not load the register by the way.
"""
