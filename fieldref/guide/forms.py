"""The forms a word may be met in: with the article or without, one or many, mine or yours, whole or in parts.

Only what stands before and after a word is looked at, by one small table a language; it knows no grammar. What is
left need not be a word: both sides of a search are cut by the same table.
"""

from fieldref.guide.folding import parts

# As folded letters; the longest comes first where one begins with another.
ARTICLES = {"ar": ("وال", "فال", "بال", "كال", "ولل", "لل", "ال")}  # and the, so the, by the, like the, for the, the
NO_ARTICLE = "والد"  # father and mother begin like one
# What is written together with a word and may as well belong to it: and, so, by, to, like; do.
LETTERS_BEFORE = {"ar": ("و", "ف", "ب", "ل", "ك"), "fa": ("نمي", "مي")}
ENDINGS = {
    "en": ("ies", "ing", "es", "e", "s", "y"),
    "fr": ("aux", "al", "es", "e", "s", "x"),
    "es": ("as", "os", "es", "a", "o", "e", "s"),
    # many, both; my, your, his, her, our, their
    "ar": ("اتي", "ات", "ين", "ون", "ان", "ها", "هم", "كم", "تنا", "نا", "تي", "تك", "ته", "ي", "ك", "ه"),
    "fa": ("هايي", "هاي", "ها", "مان", "تان", "شان", "ام", "ات", "اش", "اي", "ان", "يم", "يد", "م", "ت", "ش", "ي"),
    # of, to, in; the; many
    "bn": ("গুলোর", "গুলো", "গুলি", "দের", "টির", "টার", "টি", "টা", "কে", "যের", "ের", "রা", "তে", "র", "ে"),
}
SHORTEST = 3  # letters that are left of a word
SHORTEST_AFTER_ARTICLE = 2


def telling(text: str, language: str) -> list[tuple[str, ...]]:
    """Return the words of *text* (parts as folding.parts cuts them) without single letters and endings set apart.

    If nothing but those was typed, they are all there is.
    """
    words = parts(text)
    return [word for word in words if _tells("".join(word), language)] or words


def all_of(text: str, language: str) -> list[str]:
    """Return all that the words of *text* are found by."""
    found: list[str] = []
    for word in parts(text):
        found += dict.fromkeys([begun(word, language), *same(word, language), *looser(word, language)])
    return found


def begun(word: tuple[str, ...], language: str) -> str:
    """Return a word (its parts as folding.parts cuts them) without its article, for those who type its beginning."""
    return _without_article("".join(word), language)


def same(word: tuple[str, ...], language: str) -> list[str]:
    """Return what is the same for a word with article, one or many: of the whole and of each part."""
    whole = "".join(word)
    each = [whole, *(part for part in word if len(word) > 1 and _tells(part, language))]
    return list(dict.fromkeys(_without_ending(_without_article(part, language), language) for part in each))


def looser(word: tuple[str, ...], language: str) -> list[str]:
    """Return what a word may be without letters before it that may as well be its own; often nothing."""
    bare = _without_article("".join(word), language)
    stripped = _without(LETTERS_BEFORE.get(language, ()), bare)
    return [_without_ending(stripped, language)] if stripped != bare else []


def _tells(word: str, language: str) -> bool:
    return len(word) > 1 and word not in ENDINGS.get(language, ()) and word not in LETTERS_BEFORE.get(language, ())


def _without_article(word: str, language: str) -> str:
    for article in () if word.startswith(NO_ARTICLE) else ARTICLES.get(language, ()):
        if word.startswith(article) and len(word) - len(article) >= SHORTEST_AFTER_ARTICLE:
            return word.removeprefix(article)
    return word


def _without(letters: tuple[str, ...], word: str) -> str:
    for before in letters:
        if word.startswith(before) and len(word) - len(before) >= SHORTEST:
            return word.removeprefix(before)
    return word


def _without_ending(word: str, language: str) -> str:
    """Take off endings until none is left, so that an ending that is another's beginning does not matter."""
    for ending in ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return _without_ending(word.removesuffix(ending), language)
    return word
