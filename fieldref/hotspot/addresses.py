"""The addresses of the hotspot: the same on every box, so that a printed poster fits all of them."""

# The box itself. NetworkManager's own choice for a shared network.
HOME = "10.42.0.1"

# To where all names but the box's own lead: an address that belongs to nobody (RFC 5737) and that the box has too.
# A private one would keep phones from asking at all: Android can be told to take a probe's name in 10.0.0.0/8 for a
# broken network. A public one would tell the phone's questions to whoever owns it, in the next network.
NOWHERE = "198.51.100.1"
