"""The power goes while a pack is taken: a whole guide is served, the old or the new, and its pack is there.

FIELDREF_POWER_CUTS says in how many states, a tenth of them here; `make soak` says 100,000.
"""

import os

from fieldref.exchange import taking
from fieldref.guide import packs
from fieldref.guide.opened import Guide

CUTS = int(os.environ.get("FIELDREF_POWER_CUTS", "5000"))
TAKE = """
import json, os, sys
from pathlib import Path
from fieldref.exchange import taking
from fieldref.guide import packfile
from fieldref.guide.build import build_beside
# Built in this process, so that one recording has all of it.
taking.try_out = lambda folder, path, guide: build_beside(folder, guide, packfile.read(path))
taking.take(Path(sys.argv[1]), Path(sys.argv[2]))
os.write(1, json.dumps("taken").encode())
os._exit(0)
"""


def test_a_power_cut_leaves_the_old_guide_or_the_new_one_and_its_pack(safe_point, branch, little_pack, record) -> None:
    old, new = little_pack(branch, 1, "Old"), little_pack(branch, 2, "New")
    taking.take(safe_point, old)
    seen = {"Old": 0, "New": 0}
    for cut in record(safe_point, TAKE, str(new)).cuts(CUTS // 10, seed=2050):
        guide = Guide(cut.folder / "guide.db")
        title = guide.page("en", "rights", "asylum").title
        assert guide.services("en")["kitchen"].name == "Kitchen"
        assert guide.search("en", "kitchen")
        seen[title] += 1
        assert title == "New" or not cut.acknowledged, "a pack that was taken is gone"
        assert packs.in_use(cut.folder).header.edition == guide.edition
    print(f"\n{seen}")
    assert min(seen.values()) > 5
