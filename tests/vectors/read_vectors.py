#!/usr/bin/python3
"""A second reader of Wayside's wire formats, written from docs/SYNC_PROTOCOL.md and nothing else.

    read_vectors.py FOLDER     reads notation.json, membership.json and envelopes.json there; exit 1 when anything
                               comes to something else than the vectors say

It checks signatures, ids, chains, commitments, keys from grants and the membership log, decrypts, and decodes
change-sets to their operations. It shares no line with the program: Python's own library, PyNaCl and zstandard.
"""
import datetime
import hashlib
import json
import pathlib
import struct
import sys

import nacl.bindings as sodium
import nacl.exceptions
import zstandard

MEBIBYTE = 1 << 20
MAX_HEADER = 64 << 10
MAX_ENTRY = 64 << 10
MAX_GRANT = 512
MAX_GRANTS = 64


class Refused(Exception):
    """What is read is not what it should be; `why` is the name of the error."""

    def __init__(self, why):
        super().__init__(why)
        self.why = why


def need(holds, why):
    if not holds:
        raise Refused(why)


# ---- Notation ----


def hashed(domain, *parts, key=b"", size=32):
    state = hashlib.blake2b(key=key, digest_size=size)
    state.update(bytes([len(domain)]) + domain.encode("ascii"))
    for part in parts:
        state.update(part)
    return state.digest()


def signed(public, message, signature):
    """Ed25519 over the 32 bytes of a hash."""
    try:
        sodium.crypto_sign_open(signature + message, public)
        return True
    except nacl.exceptions.BadSignatureError:
        return False


def unboxed(secret, sealed):
    """box(P, m): ephemeral public 32, nonce 24, crypto_box_easy. None when it is not for this reader."""
    try:
        shared = sodium.crypto_box_beforenm(sealed[:32], secret)
        return sodium.crypto_box_open_afternm(sealed[56:], sealed[32:56], shared)
    except nacl.exceptions.CryptoError:
        return None


def varint(data, at):
    value = 0
    for i in range(10):
        need(at + i < len(data), "bad_input")
        byte = data[at + i]
        value |= (byte & 0x7F) << (7 * i)
        if byte < 0x80:
            need(value < 1 << 64, "bad_input")
            return value, at + i + 1
    raise Refused("bad_input")


NUMBER, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def fields_of(data):
    """A message as (number, type, content) in its order."""
    out, at = [], 0
    while at < len(data):
        tag, at = varint(data, at)
        number, kind = tag >> 3, tag & 7
        need(0 < number < 1 << 29, "bad_input")
        if kind == NUMBER:
            content, at = varint(data, at)
        elif kind in (FIXED64, FIXED32):
            size = 8 if kind == FIXED64 else 4
            need(at + size <= len(data), "bad_input")
            content, at = int.from_bytes(data[at:at + size], "little"), at + size
        else:
            need(kind == BYTES, "bad_input")
            size, at = varint(data, at)
            need(at + size <= len(data), "bad_input")
            content, at = data[at:at + size], at + size
        out.append((number, kind, content))
    return out


class Message:
    """Fields by number: absent ones are 0 or empty, of a field that comes twice the last counts."""

    def __init__(self, data):
        self.fields = fields_of(data)

    def all(self, number, kind):
        return [content for n, k, content in self.fields if n == number and k == kind]

    def number(self, number, bits=64):
        return (self.all(number, NUMBER) or [0])[-1] & ((1 << bits) - 1)

    def fixed64(self, number):
        return (self.all(number, FIXED64) or [0])[-1]

    def bytes(self, number):
        return (self.all(number, BYTES) or [b""])[-1]

    def has(self, number):
        return bool(self.all(number, BYTES))

    def id(self, number, size=16):
        content = self.bytes(number)
        need(len(content) == size, "bad_input")
        return content

    def optional_id(self, number, size=16):
        return self.id(number, size) if self.bytes(number) else None

    def ids(self, number, size=16):
        contents = self.all(number, BYTES)
        need(all(len(content) == size for content in contents), "bad_input")
        return contents

    def text(self, number):
        try:
            return [content.decode("utf-8") for content in self.all(number, BYTES)][-1] if self.has(number) else ""
        except UnicodeDecodeError:
            raise Refused("bad_input") from None

    def message(self, number):
        # Parts of one message that come apart are one message.
        return Message(b"".join(self.all(number, BYTES)))

    def messages(self, number):
        return [Message(content) for content in self.all(number, BYTES)]

    def numbers(self, number):
        """A list of numbers of 32 bits, packed or one by one."""
        out = []
        for n, kind, content in self.fields:
            if n == number and kind == NUMBER:
                out.append(content & 0xFFFFFFFF)
            elif n == number and kind == BYTES:
                at = 0
                while at < len(content):
                    value, at = varint(content, at)
                    out.append(value & 0xFFFFFFFF)
        return out


# ---- Values, dots, change-sets ----


def integer_of(payload):
    need(1 <= len(payload) <= 8, "raw")
    value = int.from_bytes(payload, "little", signed=True)
    if len(payload) > 1:  # the fewest bytes that hold it
        need(not -(1 << (8 * len(payload) - 9)) <= value < 1 << (8 * len(payload) - 9), "raw")
    return value


def text_of(payload):
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("raw") from None
    need("\0" not in text, "raw")
    return text


def date_of(payload):
    text = text_of(payload)
    need(len(text) == 10 and text[4] == text[7] == "-" and (text[:4] + text[5:7] + text[8:]).isdigit(), "raw")
    try:
        day = datetime.date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        raise Refused("raw") from None
    need(1900 <= day.year <= 2199, "raw")
    return text


def value_of(encoded):
    """{kind: content}; None for nothing; {"raw": hex} for what does not decode."""
    if not encoded:
        return None
    kind, payload = encoded[0], encoded[1:]
    try:
        if kind == 1:
            return {"text": text_of(payload)}
        if kind == 2:
            return {"integer": integer_of(payload)}
        if kind == 3:
            need(payload in (b"\0", b"\1"), "raw")
            return {"flag": payload == b"\1"}
        if kind == 4:
            need(len(payload) == 16, "raw")
            return {"record": payload.hex()}
        if kind == 5:
            return {"code": text_of(payload)}
        if kind == 6:
            return {"date": date_of(payload)}
        if kind == 7:
            return {"time": integer_of(payload)}
    except Refused:
        pass
    return {"raw": encoded.hex()}


def dot_text(device, envelope, index):
    return f"{device.hex()}:{envelope.hex()}:{index}"


def dot_of(message, own_device):
    device = message.optional_id(1) or own_device
    return dot_text(device, message.id(2), message.number(3, 32)), device


def rows_of(change):
    """Writes as the earlier form has them: (record, type, field, value, what else it says)."""
    for record in change.messages(7):
        record.id(1)
        for write in record.messages(3):
            # The rest of a Write has the numbers of a Beside, each one higher.
            beside = Message(b"")
            beside.fields = [(n - 1 if n > 2 else 0, kind, content) for n, kind, content in write.fields]
            yield record.id(1), record.number(2, 32), write.number(1, 32), write.bytes(2), beside


def columns_of(change):
    ids, kinds, values = change.bytes(13), change.bytes(17), change.bytes(19)
    types, counts, fields, lengths = (change.numbers(number) for number in (14, 15, 16, 18))
    need(len(ids) == 16 * len(types) and len(counts) == len(types) and sum(counts) == len(fields), "bad_input")
    need(len(kinds) == len(fields) and len(lengths) == len(fields) and sum(lengths) == len(values), "bad_input")
    beside, next_index = {}, 0
    for each in change.messages(20):
        need(next_index <= each.number(1, 32) < len(fields), "bad_input")
        beside[each.number(1, 32)] = each
        next_index = each.number(1, 32) + 1
    index, at = 0, 0
    for n, count in enumerate(counts):
        for _ in range(count):
            value = values[at:at + lengths[index]]
            at += lengths[index]
            if kinds[index] or value:
                value = kinds[index:index + 1] + value
            yield ids[16 * n:16 * n + 16], types[n], fields[index], value, beside.get(index, Message(b""))
            index += 1


SEALED = b"\x08"


def opened_values(change, values, ledger, key_of_fields):
    """`values` with what sealed blocks hold, as far as there are keys; each block names values that are sealed."""
    out, waiting = list(values), {i for i, value in enumerate(values) if value == SEALED}
    for block in change.messages(21):
        writes, generation, nonce = block.numbers(2), block.id(3), block.id(4, 24)
        commit, number = block.id(5, 32), block.number(1, 32)
        need(writes == sorted(set(writes)) and waiting.issuperset(writes), "bad_input")
        waiting.difference_update(writes)
        key = key_of_fields(number, generation)
        if key is None:
            continue
        of_ledger = hashed("wayside/values-of-ledger/1", ledger, key=key, size=64)[:32]
        both = hashed("wayside/sealed-values/1", struct.pack("<I", number), generation, nonce, key=of_ledger, size=64)
        if both[32:] != commit:
            continue
        try:
            padded = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(block.bytes(6), b"", nonce, both[:32])
        except nacl.exceptions.CryptoError:
            continue
        plain = padded.rstrip(b"\0")
        listed = Message(plain[:-1]).all(1, BYTES) if plain.endswith(b"\x80") and len(padded) % 64 == 0 else []
        if len(listed) == len(writes) and all(value not in (b"", SEALED) for value in listed):
            for index, value in zip(writes, listed):
                out[index] = value
    need(not waiting, "bad_input")
    return out


def change_set_of(data, envelope, key_of_fields):
    """(author, deps, operations, opening, compartments). Every id in it must have its length."""
    need(len(data) <= MEBIBYTE, "corrupt")
    change, device = Message(data), envelope.device
    author, deps = change.id(1), change.ids(6, 32)
    change.text(5), change.text(12)
    need(not change.messages(7) or not change.numbers(14), "bad_input")
    opening = change.message(9) if change.has(9) else None
    if opening:
        opening.id(2), opening.optional_id(3), opening.optional_id(4)
    writes = list(rows_of(change) if change.messages(7) else columns_of(change))
    team = opening.optional_id(4) if opening else None
    values = opened_values(change, [each[3] for each in writes], envelope.ledger,
                           lambda number, generation: key_of_fields(envelope.ledger, team, number, generation))
    operations = []
    for index, (record, kind, field, _, beside) in enumerate(writes):
        own = dot_text(device, envelope.id[:16], index)
        if beside.has(6):
            original, its_device = dot_of(beside.message(6), device)
            own = original if its_device == device else own
        operations.append({
            "dot": own,
            "record": record.hex(),
            "type": kind,
            "field": field,
            "value": value_of(values[index]),
            "supersedes": [dot_of(each, device)[0] for each in beside.messages(2)],
            "corrects": dot_of(beside.message(3), device)[0] if beside.has(3) else None,
            "covers": [dot_of(each, device)[0] for each in beside.messages(4)],
            "request": beside.number(5) != 0,
        })
    if change.has(8):
        change.message(8).id(1), change.message(8).ids(2)
    for announcement in change.messages(10):
        announcement.id(1), announcement.id(2, 32)
    compartments = {compartment.id(1): compartment.number(2, 32) for compartment in change.messages(11)}
    return author, deps, operations, opening, compartments


# ---- Envelopes and grants ----


def part(data, at):
    need(at + 4 <= len(data), "bad_input")
    size = struct.unpack_from("<I", data, at)[0]
    need(at + 4 + size <= len(data), "bad_input")
    return data[at + 4:at + 4 + size], at + 4 + size


class Envelope:
    def __init__(self, data):
        need(len(data) <= MEBIBYTE, "too_large")
        need(data, "bad_input")
        need(data[0] == 1, "newer_format")
        header, at = part(data, 1)
        self.ciphertext, at = part(data, at)
        need(len(data) - at == 64, "bad_input")
        self.signature = data[at:]
        need(34 <= len(header) <= MAX_HEADER, "bad_input")
        need(header[-34:-32] == b"\x7a\x20", "bad_input")
        self.header, self.commit = header, header[-32:]
        message = Message(header)
        need(message.bytes(15) == self.commit, "bad_input")
        self.nonce = message.id(12, 24)
        need(header[-58:-34] == self.nonce, "bad_input")
        need(message.number(1, 32) == 1, "newer_format")
        self.seq, self.prev = message.number(6), message.optional_id(7, 32)
        need(self.seq > 0 and (self.prev is None) == (self.seq == 1), "bad_input")
        self.organisation, self.ledger = message.id(2), message.id(3)
        self.device, self.incarnation = message.id(4), message.id(5)
        self.key_generation, self.membership_head = message.id(8), message.id(9, 32)
        message.ids(10, 32)
        self.grants = message.ids(11, 32)
        self.id = hashed("wayside/envelope-id/1", struct.pack("<I", len(header)), header, self.ciphertext)

    def open(self, case_key):
        both = hashed("wayside/envelope-key/1", self.header[:-34], key=case_key, size=64)
        need(both[32:] == self.commit, "no_key")
        try:
            plain = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(self.ciphertext, self.header, self.nonce, both[:32])
        except nacl.exceptions.CryptoError:
            raise Refused("corrupt") from None
        need(len(plain) >= 4, "corrupt")
        size = struct.unpack_from("<I", plain)[0]
        need(size <= len(plain) - 4, "corrupt")
        frame = plain[4:4 + size]
        try:
            named = zstandard.get_frame_parameters(frame).content_size
            need(named != zstandard.CONTENTSIZE_UNKNOWN and named <= MEBIBYTE, "corrupt")
            out = zstandard.ZstdDecompressor().decompress(frame)
        except zstandard.ZstdError:
            raise Refused("corrupt") from None
        need(len(out) == named, "corrupt")
        return plain, out


def padded_size(size):
    if size <= 512:
        return 512
    e = size.bit_length() - 1
    s = e.bit_length()
    step = 1 << (e - s)
    return (size + step - 1) // step * step


class Grant:
    TEAM, DEVICE, RECOVERY = 1, 2, 3

    def __init__(self, data):
        need(0 < len(data) <= MAX_GRANT, "bad_input")
        need(data[0] == 1, "newer_format")
        message = Message(data[1:])
        need(message.number(1, 32) == 1, "newer_format")
        self.ledger, self.key_generation = message.id(2), message.id(3)
        self.kind, self.reader, self.epoch = message.number(4), message.id(5), message.number(6, 32)
        self.wrap = message.id(7, 104)


# ---- The membership log ----

ROOT, DEVICE, TICKET = 1, 2, 3
MANAGER, ADMIN = 3, 4


class Entry:
    def __init__(self, data):
        need(len(data) <= MAX_ENTRY, "too_large")
        need(len(data) >= 69, "bad_input")
        need(data[0] == 1, "newer_format")
        body, at = part(data, 1)
        need(len(data) - at == 64, "bad_input")
        self.signature = data[at:]
        self.hash = hashed("wayside/membership-entry/1", body)
        message = Message(body)
        self.organisation, self.number = message.id(1), message.number(2)
        self.previous = message.optional_id(3, 32)
        self.signer_kind, self.signer = message.number(5), message.bytes(6)
        kinds = [n for n, k, _ in message.fields if 10 <= n <= 22 and k == BYTES]
        self.kind = kinds[-1] if kinds else None
        self.body = message.message(self.kind) if kinds else None
        if kinds:
            self.check_lengths()

    # Ids and keys of each kind: (field, length), optional ones, repeated ones.
    MUST = {10: [(1, 32), (2, 32), (3, 16)], 11: [(1, 16), (3, 16)], 12: [(1, 16), (3, 32)], 13: [(1, 16), (2, 32), (3, 16)],
            14: [(1, 16), (2, 16), (3, 32), (4, 32), (5, 32), (6, 16), (9, 64)], 15: [(1, 16)], 16: [], 17: [],
            18: [(1, 32), (2, 32)], 19: [(1, 16)], 20: [(1, 32), (2, 32)], 21: [(3, 32)],
            22: [(1, 16), (2, 16)]}
    MAY = {14: [(7, 16)], 15: [(3, 16)], 16: [(1, 16), (2, 16)]}
    EACH = {12: [(6, 16)], 13: [(6, 16)], 14: [(11, 16)], 17: [(1, 32)], 22: [(3, 16)]}
    ROLE = {13: 5, 14: 10, 15: 2}

    def check_lengths(self):
        for field, size in self.MUST[self.kind]:
            self.body.id(field, size)
        for field, size in self.MAY.get(self.kind, []):
            self.body.optional_id(field, size)
        for field, size in self.EACH.get(self.kind, []):
            self.body.ids(field, size)
        if self.kind in self.ROLE:
            need(self.body.number(self.ROLE[self.kind], 32) <= ADMIN, "bad_input")
        if self.kind == 12:
            for wrap in self.body.messages(4):
                wrap.id(1)
        if self.kind in (20, 21):
            self.body.text(3 if self.kind == 20 else 1)


class Log:
    FOUND, TEAM, EPOCH, TICKET_KIND, DEVICE_KIND, ROLE, REMOVAL, OFFICE_KEY, WITHDRAW = 10, 11, 12, 13, 14, 15, 16, 20, 22

    def __init__(self):
        self.heads, self.organisation, self.root = [], None, None
        self.devices, self.tickets, self.roles, self.epochs, self.office = {}, {}, {}, {}, None

    def append(self, entry):
        need(entry.number == len(self.heads) and entry.previous == (self.heads[-1] if self.heads else None), "stale_head")
        need(not self.heads or entry.organisation == self.organisation, "bad_input")
        need(signed(self.signer_of(entry), entry.hash, entry.signature), "bad_signature")
        self.fold(entry)

    def signer_of(self, entry):
        """The public key that must have signed it."""
        body = entry.body
        if entry.kind == self.FOUND:
            need(not self.heads and entry.signer_kind == ROOT, "not_permitted")
            return body.id(1, 32)
        need(self.root, "not_permitted")
        if entry.kind == self.DEVICE_KIND:
            return self.signer_of_device(entry)
        if entry.signer_kind == DEVICE:
            device = self.devices.get(entry.signer)
            need(device and device["removed"] is None, "not_a_member")
            need(self.role_of(device["user"]) >= (MANAGER if entry.kind == self.WITHDRAW else ADMIN), "not_permitted")
            return device["sign_public"]
        need(entry.signer_kind == ROOT, "not_permitted")
        return self.root

    def signer_of_device(self, entry):
        body = entry.body
        need(body.id(1) not in self.devices, "already_exists")
        ticket_id = body.bytes(7)
        proven = hashed("wayside/device-proof/1", entry.organisation, body.id(1), body.id(2), body.id(3, 32), body.id(4, 32),
                        body.id(5, 32), body.id(6), ticket_id)
        need(signed(body.id(3, 32), proven, body.id(9, 64)), "bad_signature")
        if not ticket_id:
            need(entry.signer_kind == ROOT, "not_permitted")
            return self.root
        ticket = self.tickets.get(ticket_id)
        need(ticket and entry.signer == ticket_id, "ticket_unknown")
        need(entry.signer_kind == TICKET, "not_permitted")
        need(not ticket["used"], "ticket_used")
        need(ticket["user"] == body.id(6), "not_permitted")
        return ticket["public"]

    def fold(self, entry):
        number, body = len(self.heads), entry.body
        self.heads.append(entry.hash)
        if entry.kind == self.FOUND:
            self.organisation, self.root = entry.organisation, body.id(1, 32)
        elif entry.kind == self.EPOCH:
            self.epochs[body.id(1), body.number(2, 32)] = body.id(3, 32)
        elif entry.kind == self.TICKET_KIND:
            self.tickets[body.id(1)] = {"public": body.id(2, 32), "user": body.id(3), "role": body.number(5), "used": False}
        elif entry.kind == self.DEVICE_KIND:
            ticket = self.tickets.get(body.bytes(7))
            role = ticket["role"] if ticket else body.number(10)
            if ticket:
                ticket["used"] = True
            self.devices[body.id(1)] = {"user": body.id(6), "sign_public": body.id(3, 32), "box_public": body.id(4, 32),
                                        "admitted": number, "removed": None}
            self.roles[body.id(6)] = role
        elif entry.kind == self.ROLE:
            if not (body.number(4) and body.bytes(3)):
                self.roles[body.id(1)] = body.number(2)
        elif entry.kind == self.REMOVAL:
            for device, info in self.devices.items():
                if device == body.bytes(1) or info["user"] == body.bytes(2):
                    info["removed"] = number if info["removed"] is None else info["removed"]
            for ticket in self.tickets.values():
                ticket["used"] = ticket["used"] or ticket["user"] == body.bytes(2)
        elif entry.kind == self.OFFICE_KEY:
            self.office = body.id(2, 32)

    def role_of(self, user):
        return self.roles.get(user, 0)

    def is_member(self, device, number):
        info = self.devices.get(device)
        return info is not None and info["admitted"] <= number and (info["removed"] is None or info["removed"] > number)


# ---- Taking in ----


class Reader:
    """One device: its keys, the membership log, and the envelopes it has applied."""

    def __init__(self, log, organisation, device, box_secret, epochs):
        self.log, self.organisation, self.device = log, organisation, device
        self.box_secret, self.epochs = box_secret, epochs
        self.keys, self.applied, self.places, self.apart = {}, {}, {}, set()
        self.teams, self.of_fields = {}, []   # of a ledger; (team, compartment, ledger) of those that hold keys of fields

    def key_of(self, grant):
        if grant.kind == Grant.TEAM:
            secret = self.epochs.get((grant.reader, grant.epoch))
        else:
            secret = self.box_secret if grant.kind == Grant.DEVICE and grant.reader == self.device else None
        return unboxed(secret, grant.wrap) if secret else None

    def take(self, data, grants):
        """(outcome, why, operations)"""
        try:
            return self.judge(Envelope(data), grants)
        except Refused as refused:
            return "quarantined", refused.why, None

    def judge(self, envelope, grants):
        need(envelope.organisation == self.organisation, "bad_input")
        if envelope.membership_head not in self.log.heads:
            return "pending", "membership", None
        head = self.log.heads.index(envelope.membership_head)
        need(self.log.is_member(envelope.device, head), "not_a_member")
        author = self.log.devices[envelope.device]
        need(signed(author["sign_public"], envelope.id, envelope.signature), "bad_signature")
        if envelope.id in self.applied:
            return "known", "", None
        hashes = sorted(hashed("wayside/grant/1", grant) for grant in grants)
        need(len(grants) <= MAX_GRANTS and hashes == sorted(envelope.grants), "no_key")
        self.take_grants(envelope.ledger, grants)

        chain = (envelope.device, envelope.incarnation, envelope.ledger)
        need((chain, envelope.seq) not in self.places, "fork")
        if envelope.prev:
            before = self.places.get((chain, envelope.seq - 1))
            if before is None:
                need(envelope.prev not in self.applied, "fork")
                if envelope.prev not in self.apart:
                    return "pending", "previous", None
            else:
                need(before.id == envelope.prev, "fork")
                need(self.log.heads.index(before.membership_head) <= head, "stale_head")
        case_key = self.keys.get((envelope.ledger, envelope.key_generation))
        if case_key is None:
            return "pending", "key", None
        plain, change_set = envelope.open(case_key)
        user, deps, operations, opening, compartments = change_set_of(change_set, envelope, self.key_of_fields)
        need(user == author["user"], "not_permitted")
        if any(dep not in self.applied and dep not in self.apart for dep in deps):
            return "pending", "dependency", None
        self.applied[envelope.id] = self.places[chain, envelope.seq] = envelope
        if opening:
            self.open_ledger(envelope.ledger, opening, compartments)
        return "applied", "", {"envelope": envelope, "plain": plain, "change_set": change_set, "operations": operations}

    def open_ledger(self, ledger, opening, compartments):
        team = self.teams[ledger] = opening.optional_id(4)
        if opening.number(1) == 5 and team is not None and opening.id(2) == team:
            self.of_fields.append((team, compartments.get(ledger, 0), ledger))

    def key_of_fields(self, ledger, team, number, generation):
        team = team or self.teams.get(ledger)
        for its_team, its_number, holder in self.of_fields:
            if (its_team, its_number) == (team, number) and (holder, generation) in self.keys:
                return self.keys[holder, generation]
        return None

    def take_grants(self, ledger, grants):
        for data in grants:
            try:
                grant = Grant(data)
            except Refused:
                continue
            key = self.key_of(grant) if grant.ledger == ledger else None
            if key is not None and len(key) == 32:
                self.keys.setdefault((ledger, grant.key_generation), key)


# ---- The vectors ----

failures = []


def check(what, got, wanted):
    if got != wanted:
        failures.append(f"{what}: {got!r} in place of {wanted!r}")


def read_notation(vectors):
    of_hash = vectors["hash"]
    domain, parts, key = of_hash["domain"], bytes.fromhex(of_hash["parts"]), bytes.fromhex(of_hash["key"])
    check("H", hashed(domain, parts).hex(), of_hash["H"])
    check("H keyed", hashed(domain, parts, key=key).hex(), of_hash["H_keyed"])
    check("H512 keyed", hashed(domain, parts, key=key, size=64).hex(), of_hash["H512_keyed"])
    for each in vectors["padded_size"]:
        check(f"padded size of {each['bytes']}", padded_size(each["bytes"]), each["padded"])
    for each in vectors["values"]:
        check(f"value {each['bytes']}", value_of(bytes.fromhex(each["bytes"])), each["value"])
    box = vectors["box"]
    check("box", unboxed(bytes.fromhex(box["secret"]), bytes.fromhex(box["boxed"])), bytes.fromhex(box["message"]))
    check("box public", sodium.crypto_scalarmult_base(bytes.fromhex(box["secret"])).hex(), box["public"])
    sign = vectors["sign"]
    public, expanded = sodium.crypto_sign_seed_keypair(bytes.fromhex(sign["seed"]))
    check("sign public", public.hex(), sign["public"])
    check("signature", sodium.crypto_sign(bytes.fromhex(sign["message"]), expanded)[:64].hex(), sign["signature"])
    read_heads(vectors["heads"])
    read_receipts(vectors["receipts"])


def read_heads(vectors):
    head = bytes(32)
    for envelope, wanted in zip(vectors["envelope_ids"], vectors["heads"]):
        head = hashed("wayside/ledger-head/1", head, bytes.fromhex(envelope))
        check("head of a ledger", head.hex(), wanted)
    ledgers = sorted((bytes.fromhex(each["ledger"]), each["lsn"], bytes.fromhex(each["head"])) for each in vectors["frontier_of"])
    frontier = hashed("wayside/frontier/1", *[ledger + struct.pack("<Q", lsn) + head for ledger, lsn, head in ledgers])
    check("frontier", frontier.hex(), vectors["frontier"])
    office = bytes.fromhex(vectors["office_public"])
    for name, wanted in (("signed_heads", True), ("signed_by_a_stranger", False)):
        data = bytes.fromhex(vectors[name])
        body, at = part(data, 1)
        check(name, data[0] == 1 and signed(office, hashed("wayside/office-heads/1", body), data[at:]), wanted)
        message = Message(body)
        check("frontier in the heads", message.id(5, 32), frontier)
        changed = sorted((each.id(1), each.number(2), each.id(3, 32)) for each in message.messages(6))
        check("changed in the heads", changed, ledgers)


class Receipt:
    """One, and where the next begins."""

    def __init__(self, data, at=0):
        need(at < len(data), "bad_input")
        need(data[at] <= 1, "newer_format")
        need(data[at] == 1 and at + 58 <= len(data), "bad_input")
        self.organisation, self.device, self.generation = (data[at + 1 + 16 * i:at + 17 + 16 * i] for i in range(3))
        self.time, count = struct.unpack_from("<QB", data, at + 49)
        need(1 <= count <= 64 and self.time < 1 << 63, "bad_input")
        at += 58
        self.places, hashes = [], []
        for _ in range(count):
            need(at < len(data) and data[at] in (0, 1), "bad_input")
            size = 57 if data[at] else 33
            need(at + size <= len(data), "bad_input")
            content = data[at + 1:at + size]
            if data[at]:
                lsn = struct.unpack_from("<Q", content, 16)[0]
                need(lsn < 1 << 63 and (lsn > 0 or not any(content[24:])), "bad_input")
                self.places.append({"ledger": content[:16].hex(), "lsn": lsn, "head": content[24:].hex()})
                hashes.append(hashed("wayside/receipt-place/1", content))
            else:
                hashes.append(content)
            at += size
        need(at + 64 <= len(data), "bad_input")
        self.signature, self.end = data[at:at + 64], at + 64
        self.hash = hashed("wayside/receipt/1", self.organisation, self.device, self.generation, struct.pack("<Q", self.time), *hashes)


def read_receipts(vectors):
    public = bytes.fromhex(vectors["sign_public"])
    whole = Receipt(bytes.fromhex(vectors["receipt"]))
    check("device of a receipt", whole.device.hex(), vectors["device"])
    check("generation of a receipt", whole.generation.hex(), vectors["generation"])
    check("time of a receipt", whole.time, vectors["time"])
    check("places of a receipt", whole.places, vectors["places"])
    check("a receipt's signature", signed(public, whole.hash, whole.signature), True)
    covered = Receipt(bytes.fromhex(vectors["second_covered"]))
    check("places that are not covered", covered.places, [vectors["places"][0], vectors["places"][2]])
    check("a covered receipt's signature", signed(public, covered.hash, covered.signature), True)
    altered = Receipt(bytes.fromhex(vectors["altered"]))
    check("an altered receipt's signature", signed(public, altered.hash, altered.signature), False)
    two = bytes.fromhex(vectors["two_in_a_row"])
    first, second = Receipt(two), Receipt(two, whole.end)
    check("two in a row", (first.end, second.end), (whole.end, len(two)))
    check("signatures of two", [signed(public, each.hash, each.signature) for each in (first, second)], [True, True])
    try:
        Receipt(bytes.fromhex(vectors["of_a_later_version"]))
        outcome = "taken"
    except Refused as refused:
        outcome = refused.why
    check("a receipt of a later version", outcome, "newer_format")


def log_of(vectors, count=None):
    log = Log()
    for each in vectors["entries"][:count]:
        entry = Entry(bytes.fromhex(each["bytes"]))
        check(f"hash of entry {each['name']}", entry.hash.hex(), each["hash"])
        log.append(entry)
    return log


def read_membership(vectors):
    check("organisation", log_of(vectors).organisation.hex(), vectors["organisation"])
    for attempt in vectors["attempts"]:
        log = log_of(vectors, attempt["after"])
        try:
            log.append(Entry(bytes.fromhex(attempt["bytes"])))
            outcome = ("taken", "")
        except Refused as refused:
            outcome = ("refused", refused.why)
        check(f"membership, {attempt['name']}", outcome, (attempt["outcome"], attempt["why"]))
        check(f"membership, {attempt['name']}: size", len(log.heads), attempt["after"] + (outcome[0] == "taken"))


def bytes_of(attempt):
    if "envelope_is" in attempt:
        return bytes([attempt["envelope_is"]["byte"]]) * attempt["envelope_is"]["times"]
    return bytes.fromhex(attempt["envelope"])


def read_good(reader, recovery, each):
    name = each["name"]
    grants = [bytes.fromhex(grant) for grant in each["grants"]]
    outcome, why, opened = reader.take(bytes.fromhex(each["envelope"]), grants)
    check(name, (outcome, why), ("applied", ""))
    if opened is None:
        return
    envelope = opened["envelope"]
    check(f"{name}: id", envelope.id.hex(), each["id"])
    check(f"{name}: ledger", envelope.ledger.hex(), each["ledger"])
    check(f"{name}: place", (envelope.seq, envelope.prev.hex() if envelope.prev else ""), (each["seq"], each["prev"]))
    check(f"{name}: commit", envelope.commit.hex(), each["commit"])
    check(f"{name}: key", reader.keys[envelope.ledger, envelope.key_generation].hex(), each["case_key"])
    check(f"{name}: padded", len(opened["plain"]), each["padded_bytes"])
    frame = struct.unpack_from("<I", opened["plain"])[0]
    check(f"{name}: padded as Padmé says", padded_size(4 + frame), each["padded_bytes"])
    check(f"{name}: zeros", opened["plain"][4 + frame:].strip(b"\0"), b"")
    check(f"{name}: change-set", opened["change_set"].hex(), each["change_set"])
    check(f"{name}: operations", opened["operations"], each["operations"])
    for data in grants:
        grant = Grant(data)
        if grant.kind == Grant.RECOVERY:
            check(f"{name}: recovery", unboxed(recovery, grant.wrap).hex(), each["case_key"])


def read_envelopes(vectors, membership):
    def fresh():
        who = vectors["reader"]
        epochs = {(bytes.fromhex(each["team"]), each["number"]): bytes.fromhex(each["secret"]) for each in who["epochs"]}
        return Reader(log, bytes.fromhex(vectors["organisation"]), bytes.fromhex(who["device"]),
                      bytes.fromhex(who["box_secret"]), epochs)

    log = log_of(membership)
    for (team, number), secret in fresh().epochs.items():
        check("epoch's public key", sodium.crypto_scalarmult_base(secret), log.epochs[team, number])
    reader, good = fresh(), {}
    for each in vectors["envelopes"]:
        read_good(reader, bytes.fromhex(vectors["recovery_secret"]), each)
        good[each["name"]] = (bytes.fromhex(each["envelope"]), [bytes.fromhex(grant) for grant in each["grants"]])
    for attempt in vectors["attempts"]:
        reader = fresh()
        for name in attempt["after"]:
            check(f"{attempt['name']}: {name}", reader.take(*good[name])[0], "applied")
        outcome, why, _ = reader.take(bytes_of(attempt), [bytes.fromhex(grant) for grant in attempt["grants"]])
        check(f"envelope, {attempt['name']}", (outcome, why), (attempt["outcome"], attempt["why"]))


NAMES = ("notation", "membership", "envelopes")


def load(folder):
    return {name: json.loads((pathlib.Path(folder) / f"{name}.json").read_text(encoding="utf-8")) for name in NAMES}


def differences(vectors):
    """What comes to something else than the vectors say, a sentence each."""
    failures.clear()
    try:
        read_notation(vectors["notation"])
        read_membership(vectors["membership"])
        read_envelopes(vectors["envelopes"], vectors["membership"])
    except Refused as refused:  # of a log or a message that ought to be good
        failures.append(f"refused: {refused.why}")
    return list(failures)


def main(folder):
    vectors = load(folder)
    found = differences(vectors)
    for failure in found:
        print(failure)
    membership, envelopes = vectors["membership"], vectors["envelopes"]
    print(f"{len(membership['entries'])} entries and {len(membership['attempts'])} attempts, "
          f"{len(envelopes['envelopes'])} envelopes and {len(envelopes['attempts'])} attempts: {len(found)} differ")
    return 1 if found or not membership["attempts"] or not envelopes["attempts"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
