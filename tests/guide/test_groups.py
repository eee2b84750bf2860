"""Who may use what."""

from fieldref.folders import folder
from fieldref.guide.groups import GROUPS, services_for
from fieldref.guide.service import Service
from fieldref.icons import icon

BY_CODE = {group.code: group for group in GROUPS}
WOMEN, CHILDREN, ANYONE = (
    Service("women", "", eligibility=("women",)),
    Service("children", "", eligibility=("children",)),
    Service("anyone", ""),
)
UNCLEAR = Service("unclear", "", eligibility=("conditions",))


def test_a_group_gets_what_names_it_and_apart_from_that_what_is_for_everyone() -> None:
    assert services_for(BY_CODE["women"], [WOMEN, CHILDREN, ANYONE]) == ([WOMEN], [ANYONE])


def test_a_child_alone_may_use_what_is_for_children() -> None:
    assert services_for(BY_CODE["children_alone"], [CHILDREN])[0] == [CHILDREN]


def test_what_has_conditions_is_not_for_everyone() -> None:
    assert services_for(BY_CODE["men"], [UNCLEAR]) == ([], [])


def test_every_group_has_a_pictogram_and_pages_that_are_there() -> None:
    for group in GROUPS:
        assert icon(group.icon)
        for address in group.pages:
            assert (folder("seed") / "pages" / address / "en.md").exists(), address
