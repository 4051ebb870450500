#!/usr/bin/env python3
"""Reads the printed pages as docs/FORMATS.md describes them, with none of our code: whoever has two shares and that page
needs no Wayside to get the organisation's secrets back.

    read_pages.py GOLDEN      compares what two shares of the golden files give with the whole page; exit 1 when it differs
"""
import hashlib
import pathlib
import re
import sys

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def blake(domain, data, key=b""):
    return hashlib.blake2b(bytes([len(domain)]) + domain.encode() + data, digest_size=32, key=key).digest()


def line_bytes(letters):
    value = 0
    for letter in letters:
        value = value * 32 + LETTERS.index(letter)
    return value


def lines(text):
    """The bytes of a page; every line's check must fit."""
    out = {}
    for line in text.splitlines():
        typed = re.match(r"\s*(\d{1,2})\s+(\S.*)", line)
        if not typed:
            continue
        letters = typed[2].replace(" ", "")
        out[int(typed[1])] = (line_bytes(letters[:16]).to_bytes(10, "big"), line_bytes(letters[16:]))
    whole = b""
    for number in range(1, len(out) + 1):
        data, check = out[number]
        first = b"" if number == 1 else out[1][0]
        wanted = int.from_bytes(blake("wayside/typed-line/1", bytes([number]) + first + data)[:3], "big") >> 4
        assert check == wanted, f"line {number}"
        whole += data
    return whole


def times(a, b):
    """In GF(256) with the polynomial 11D."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


def inverse(a):
    return next(b for b in range(1, 256) if times(a, b) == 1)


def share(text):
    page = lines(text)
    version, kind, number, needed, of = page[:5]
    assert (version, kind, needed, of) == (1, 2, 2, 3)
    return {"number": number, "set": page[5:10], "organisation": page[10:26], "part": page[30:94], "proof": page[94:], "proven": page[:94]}


def combine(one, other):
    assert one["set"] == other["set"] and one["organisation"] == other["organisation"]
    # The line through two points of each byte, at 0.
    x, y = one["number"], other["number"]
    at_x, at_y = times(y, inverse(x ^ y)), times(x, inverse(x ^ y))
    secret = bytes(times(a, at_x) ^ times(b, at_y) for a, b in zip(one["part"], other["part"]))
    for each in (one, other):
        assert each["proof"] == blake("wayside/recovery-share/1", each["proven"], secret)[:16], "proof"
    return secret


def main():
    golden = pathlib.Path(sys.argv[1])
    one, three = (share((golden / name).read_text()) for name in ("core_recovery_share.v1.txt", "core_recovery_share_3.v1.txt"))
    secret = combine(one, three)
    whole = dict(re.findall(r"^(root|recovery) ([0-9a-f ]+)$", (golden / "core_recovery_page.v1.txt").read_text(), re.M))
    assert secret == bytes.fromhex(whole["root"]) + bytes.fromhex(whole["recovery"]), "secrets"
    kit = lines((golden / "core_recovery_kit.v1.txt").read_text())
    assert kit[:2] == b"\x01\x01" and len(kit) == 20
    print("two shares give what the whole page says")


main()
