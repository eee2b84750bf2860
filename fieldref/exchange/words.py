"""256 everyday words, one for each byte, to copy a key by hand: no two begin with the same four letters.

No two are fewer than three changes of a letter apart. They are on paper in safes: never change one.
"""

ALL = """
acorn album almond amber anchor angle animal april arrow artist attic autumn badger bakery balcony balloon
bamboo banana barrel basket beacon beard beetle bench bicycle biscuit blossom bonfire breeze brick bridge broom
bubble buffalo bulb button cabbage cabin cactus camel canoe caravan carpet castle cedar ceiling cello cement
chalk cherry chimney cinema circle clay cliff clock clover cobra coconut coffee collar compass copper cottage
cousin crayon cricket crown crystal curtain cushion daisy deer dentist diamond dinner dolphin donkey dozen drawer
dress drum duck earth echo elbow eleven emerald engine evening fabric family feather fiddle field flame
flour folder forest fork fossil freckle frog fruit gallery garden garlic gate gazelle geese giant giraffe
glacier glass globe gold gravel guitar harbor harvest helmet herring hill hippo horse hotel iceberg igloo
index inkwell insect invite island ivory jaguar jewel judge kayak kitchen kiwi knife knot lagoon lantern
laptop latch laundry leaf lemon lettuce library linen lizard lotus lyric magnet magpie mango marble meadow
metal mimosa mirror mitten mosaic museum napkin nectar nephew nest nickel night noodle noon nutmeg oasis
ocean olive omelet opera orange osprey otter oxygen palace panda paper peanut pencil photo pickle picnic
pigeon pillow plaza pocket poem potato puzzle quail quartz quiet rabbit radio raisin rhino ribbon river
rope rubber salad saturn scarf school sesame sewing sheep sister sketch soap spider square stone sugar
summer sunset sushi syrup taxi temple tennis toast tongue tower train tulip tunnel turtle tuxedo twelve
typist urban vacuum violin voyage waffle wallet walrus weaver wheat wigwam window yacht yarn yogurt zigzag
"""
WORDS = tuple(ALL.split())
LETTERS = 4  # so many tell a word
BYTES = {word[:LETTERS]: number for number, word in enumerate(WORDS)}
