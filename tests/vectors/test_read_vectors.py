#!/usr/bin/python3
"""Proves that read_vectors.py can fail: each of these spoils one thing in a copy of the vectors.

    test_read_vectors.py FOLDER
"""
import copy
import sys

import read_vectors


def flip(text, at):
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1:]


def spoils(vectors):
    """(what, a spoilt copy)"""
    def one(what, change):
        spoilt = copy.deepcopy(vectors)
        change(spoilt)
        return what, spoilt

    for which in ("H", "H_keyed", "H512_keyed"):
        yield one(which, lambda v, w=which: v["notation"]["hash"].update({w: flip(v["notation"]["hash"][w], 3)}))
    yield one("frontier", lambda v: v["notation"]["heads"].update(frontier="00" * 32))
    for which in ("receipt", "second_covered", "two_in_a_row"):
        for at in (13, 60, 110, 140, len(vectors["notation"]["receipts"][which]) - 9):
            yield one(f"{which} at {at}", lambda v, w=which, at=at: v["notation"]["receipts"].update(
                {w: flip(v["notation"]["receipts"][w], at)}))
    yield one("a value", lambda v: v["notation"]["values"][4].update(bytes="027800"))
    for i, entry in enumerate(vectors["membership"]["entries"]):
        for at in (12, len(entry["bytes"]) // 2, len(entry["bytes"]) - 2):
            yield one(f"entry {i} at {at}", lambda v, i=i, at=at: v["membership"]["entries"][i].update(
                bytes=flip(v["membership"]["entries"][i]["bytes"], at)))
    yield one("entries in another order", lambda v: v["membership"]["entries"].insert(3, v["membership"]["entries"].pop(4)))
    for i, envelope in enumerate(vectors["envelopes"]["envelopes"]):
        size = len(envelope["envelope"])
        for at in (12, 60, size // 2, size - 200, size - 2):
            yield one(f"envelope {i} at {at}", lambda v, i=i, at=at: v["envelopes"]["envelopes"][i].update(
                envelope=flip(v["envelopes"]["envelopes"][i]["envelope"], at)))
        if envelope["operations"]:
            yield one(f"operations of {i}", lambda v, i=i: v["envelopes"]["envelopes"][i]["operations"][0].update(field=4711))
        for key in ("id", "commit", "case_key", "change_set"):
            yield one(f"{key} of {i}", lambda v, i=i, k=key: v["envelopes"]["envelopes"][i].update(
                {k: flip(v["envelopes"]["envelopes"][i][k], 5)}))
    yield one("envelopes in another order", lambda v: v["envelopes"]["envelopes"].insert(1, v["envelopes"]["envelopes"].pop(2)))
    yield one("the reader's epoch", lambda v: v["envelopes"]["reader"]["epochs"][0].update(secret="11" * 32))
    for part in ("membership", "envelopes"):
        for i, attempt in enumerate(vectors[part]["attempts"]):
            # A good one in a bad one's place would have to be seen, and so would another reason.
            yield one(f"reason of {attempt['name']}", lambda v, p=part, i=i: v[p]["attempts"][i].update(why="another", outcome="refused"))


def main(folder):
    vectors = read_vectors.load(folder)
    if read_vectors.differences(vectors):
        print("the vectors as they are: refused")
        return 1
    tried = list(spoils(vectors))
    missed = [what for what, spoilt in tried if not read_vectors.differences(spoilt)]
    for what in missed:
        print(f"{what}: spoilt, and not seen")
    print(f"{len(tried)} spoilt, {len(missed)} not seen")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
