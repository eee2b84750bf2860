"""Why the branch door refused something, in the manager's language.

A Refusal is one English sentence, for the command line. Here each is known by a few of its words; one that is not
known is shown as it is, after a sentence that says that nothing was changed.
"""

from flask_babel import gettext
from markupsafe import Markup

from fieldref.vocabulary import N_

# The first that fits is taken.
BUNDLES = (
    ("not paired with this branch", N_("Its safe-point is not paired here. Pair it, then bring the file again.")),
    ("which was revoked", N_("Its safe-point was revoked.")),
    ("update this one first", N_("A newer fieldref made this file. Update this machine first.")),
    ("larger than any bundle", N_("It is larger than any bundle.")),
    ("another branch", N_("It is for another branch.")),
    ("had changed before", N_("It is signed with old keys that its safe-point does not use any more.")),
    ("cut short", N_("It is damaged, cut short, or no bundle. Copy it again.")),
    ("not sealed to this branch", N_("It is damaged, or sealed for another branch. Copy it again.")),
    ("cannot be read", N_("It is damaged, cut short, or no bundle. Copy it again.")),
    ("", N_("What it holds is not what fieldref writes. Nothing of it was taken.")),
)
CARDS = (
    ("cut short", N_("This card was cut short. Copy or scan it again, all of it.")),
    ("is needed here", N_("This is a branch's card. A safe-point's card is needed (device.card).")),
    ("not a card", N_("This is not a card, or it is damaged. Copy it again.")),
    ("too large", N_("This is not a card, or it is damaged. Copy it again.")),
    (
        "another safe-point called",
        N_("Another safe-point of this name is paired. Revoke it first, or rename this one."),
    ),
    ("was revoked", N_("This safe-point was revoked. It needs new keys to come back.")),
    ("newer keys", N_("This safe-point has newer keys than this card. Take its card of today.")),
    ("did not sign this card", N_("The keys that are paired did not sign this card. Nothing was changed.")),
)
GUIDES = (
    ("in the way", N_("There are errors in the guide. Mend them, or tick the box to publish all the same.")),
    ("invented sample", N_("The services are only invented. Take in your own first.")),
    ("cannot be shown", N_("This guide cannot be shown. Nothing was published.")),
    ("too much for one pack", N_("The guide is too large for one file. Nothing was published.")),
)


def in_words(said: str, table: tuple[tuple[str, str], ...]) -> Markup | str:
    """What the English sentence *said* says, by *table*."""
    for some, sentence in table:
        if some in said:
            return str(gettext(sentence))
    nothing = gettext("This did not work. Nothing was changed.")
    return Markup('{} <span lang="en" dir="ltr">({})</span>').format(nothing, said)
