"""What a service says of itself in codes, and what the codes are called."""

from fieldref.vocabulary import N_, UNSAID, Term

SERVICE_STATUSES = (
    Term("active", N_("Open for people")),
    Term("inactive", N_("Not offered now")),
    Term("defunct", N_("No longer exists")),
    Term("temporarily closed", N_("Closed for now")),
)
# For whom. No code at all is everyone; "conditions" is what must be asked because no code says it.
ELIGIBILITY = (
    Term("women", N_("Women")),
    Term("men", N_("Men")),
    Term("families", N_("Families")),
    Term("children", N_("Children")),
    Term("children_alone", N_("Children without a carer")),
    Term("older_people", N_("Older people")),
    Term("disability", N_("People with a disability")),
    Term("medical", N_("People who are seriously ill")),
    Term("conditions", N_("There are conditions: ask")),
    UNSAID,
)
# Besides these, a country of ISO 3166 (SY) means people from there.
NATIONALITIES = (
    Term("any", N_("From any country")),
    Term("some", N_("Only from some countries: ask")),
)
ACCESS = (
    Term("walk_in", N_("Just come")),
    Term("appointment", N_("Make an appointment")),
    Term("referral", N_("Someone must send you")),
    Term("phone", N_("Call")),
    Term("outreach", N_("They come to you")),
)
# From what is easiest to bring to what is hardest.
DOCUMENTS = (
    Term("none", N_("No papers needed")),
    Term("any_identity", N_("Any paper that shows who you are")),
    Term("registration", N_("Your registration paper")),
)
COSTS = (
    Term("free", N_("Free")),
    Term("partly", N_("You pay a part")),
    Term("paid", N_("You pay")),
)
ASSURERS = (
    Term("visit", N_("We went there")),
    Term("phone", N_("We called")),
    Term("provider", N_("The service told us")),
    Term("partner", N_("A partner told us")),
)
