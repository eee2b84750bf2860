import pytest

from fieldref.register.codes import ALPHABET, CodeError, is_code, new_code, printed, read_code

SOME = [new_code() for _ in range(20)]


def test_a_code_is_printed_in_fours_and_read_back():
    code = new_code()
    assert [len(group) for group in printed(code).split("-")] == [4, 4, 4, 1]
    assert read_code(printed(code)) == code


def test_codes_differ_and_use_no_letter_that_looks_like_another():
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert set("".join(codes)) == set(ALPHABET)
    assert not set(ALPHABET) & set("ILOU")


@pytest.mark.parametrize("code", SOME, ids=range(len(SOME)))
def test_every_single_wrong_character_is_noticed(code):
    for place in range(13):
        for other in set(ALPHABET) - {code[place]}:
            assert not is_code(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("code", SOME, ids=range(len(SOME)))
def test_every_swap_of_two_characters_is_noticed(code):
    """Neighbours are what people swap; the code notices any two, the check character's too."""
    for first in range(13):
        for second in range(first + 1, 13):
            swapped = list(code)
            swapped[first], swapped[second] = code[second], code[first]
            assert is_code("".join(swapped)) == (code[first] == code[second])


def test_a_known_code_keeps_its_check_character():
    """Slips are on paper: the arithmetic may never change."""
    assert is_code("K7QM3XWF9T2RA")


def test_small_letters_spaces_and_look_alikes_are_forgiven():
    code = next(code for code in iter(new_code, "") if "0" in code and "1" in code)
    typed = " / ".join(code.lower().replace("0", "o").replace("1", "l"))
    assert read_code(typed) == code
    assert read_code(code.replace("1", "I")) == code


def test_figures_of_other_scripts_are_read():
    code = SOME[0]
    assert read_code(code.translate({ord(str(n)): chr(0x6F0 + n) for n in range(10)})) == code


@pytest.mark.parametrize("text", ["", "K7QM", "K7QM-3XWF-9T2R-CC", "K7QU-3XWF-9T2R-C", "К7QM-3XWF-9T2R-C"])
def test_what_is_no_code_is_refused_in_words(text):
    with pytest.raises(CodeError, match="slip"):
        read_code(text)
