"""The one kind of error that is meant for a person."""


class Refusal(Exception):
    """Something cannot be done; the message is one plain sentence that says what and, where possible, what to do.

    Every command prints it as it is and exits with status 1. Anything else that escapes is a defect.
    """
