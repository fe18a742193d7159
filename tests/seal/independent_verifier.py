# SPDX-License-Identifier: Apache-2.0
"""A verifier by a stranger: written from docs/reference/evidence.md, with the standard library and `cryptography` alone.

Run it: python independent_verifier.py EVIDENCE [PARTY=FINGERPRINT …]. It prints the faults, first one first, and ends with 1 if there is one.
"""

import base64
import hashlib
import json
import re
import sys
from functools import partial
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Wrong(Exception):
    """Something does not hold, or is not in form."""


def need(holds, what):
    if not holds:
        raise Wrong(what)


def strict(text):
    """Section 1: JSON without duplicate keys, fractions or NaN, at most 64 deep."""

    def unique(pairs):
        need(len(dict(pairs)) == len(pairs), "a key stands twice")
        return dict(pairs)

    def check(value, depth):
        need(depth <= 64 and (not isinstance(value, int) or abs(value) < 2**53), "nested too deep, or too large a number")
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            check(each, depth + 1)

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_float=partial(need, False), parse_constant=partial(need, False))
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Wrong(str(error)) from error
    check(value, 0)
    return value


def opened(text):
    """Section 2: the type, payload, key id and signature of an envelope."""
    try:
        wire = strict(text)
        ((signature),) = wire["signatures"]
        texts = [wire["payload"], signature["sig"]]
        payload, made = (base64.b64decode(each, validate=True) for each in texts)
        need([base64.b64encode(each).decode() for each in (payload, made)] == texts, "another way to write base 64")
        return wire["payloadType"], payload, signature["keyid"], made
    except (KeyError, TypeError, ValueError) as error:
        raise Wrong("no envelope") from error


def unsealed(text, kind, key):
    """Section 2: the payload, if `key` signed it as a `kind`."""
    kind_told, payload, keyid, signature = opened(text)
    need((kind_told, keyid) == (f"application/vnd.hamsaya.{kind}", hashlib.sha256(key).hexdigest()), "another type or key")
    name = kind_told.encode()
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload))
    except (InvalidSignature, ValueError) as error:
        raise Wrong("signature") from error
    return strict(payload)


def fingerprint(key):
    """Section 3."""
    number = int.from_bytes(hashlib.sha256(key).digest(), "big") << 4
    letters = "".join(LETTERS[(number >> shift) & 31] for shift in range(255, -1, -5))
    return "-".join(letters[i : i + 4] for i in range(0, 52, 4))


def root_of(hashes):
    """Section 5: RFC 6962, the hash of a tree over leaf hashes."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + root_of(hashes[:split]) + root_of(hashes[split:])).digest()


def covered_by(line, kind, text):
    """Section 9: a checkpoint or receipt, signed by one of a party's keys over no more entries than the mark of the next one."""
    told, named = strict(opened(text)[1]), opened(text)[2]
    ends = [starts.get(told["log"], 0) for _, starts in line[1:]] + [2**53]
    able = [key for (key, _), end in zip(line, ends, strict=True) if told["size"] <= end]
    return unsealed(text, kind, next((key for key in able if hashlib.sha256(key).hexdigest() == named), able[0]))


def follow(text, lines):
    """Section 9: put the key that a letter gives up before the one that it leads to."""
    inner = strict(opened(text)[1])["letter"]
    letter = strict(opened(inner)[1])
    old, new = bytes.fromhex(letter["old"]), bytes.fromhex(strict(opened(letter["card"])[1])["key"])
    unsealed(text, "key-letter", new)
    unsealed(letter["card"], "card", new)
    unsealed(inner, "key-handover", old if letter["why"] == "planned" else new)
    line = lines[letter["party"]]
    place = [key for key, _ in line].index(new)
    line[place][1].update({mark["log"]: mark["size"] for mark in letter["marks"]})
    line[place:place] = [] if any(key == old for key, _ in line) else [(old, {})]


def entry_fault(entry, key, log, seq):
    """Section 4: what is wrong with one entry, or an empty text."""
    if entry.get("leaf"):
        alone = not entry.get("envelope") and not entry.get("salt") and entry.get("content") is None
        return "" if alone and re.fullmatch("[0-9a-f]{64}", entry["leaf"]) else "leaf"
    try:
        header = unsealed(entry["envelope"], "entry", key)
        need({"log", "seq", "kind", "at", "by", "commitment"} <= set(header), "no header")
    except (Wrong, KeyError):
        return "signature"
    if (header["log"], header["seq"]) != (log, seq):
        return "order"
    if not re.fullmatch("([0-9a-fA-F]{2})*", entry.get("salt", "")):
        return "commitment"
    if entry.get("content") is not None:
        opening = hashlib.sha256(b"hamsaya-content-v1\x00" + bytes.fromhex(entry.get("salt", "")) + entry["content"].encode()).hexdigest()
        return "" if len(entry.get("salt", "")) == 64 and opening == header["commitment"] else "commitment"
    return ""


def log_faults(told, keys):
    """Sections 4 to 6: the faults of one log, in their order."""
    log, parts = told["log"], told["log"].split("/")
    ends = {"link": parts[1:3], "distress": parts[1:3], "release": parts[2:4]}.get(parts[0], [])
    if len(ends) != 2 or not set(ends) <= set(keys):
        return [(f"{log}#0", "log")]
    sender, receiver = keys[ends[0]], keys[ends[1]]
    faults, hashes = [], []
    for seq, entry in enumerate(told["entries"]):
        key = next(key for key, starts in reversed(sender) if starts.get(log, 0) <= seq)
        wrong = entry_fault(entry, key, log, seq)
        faults += [(f"{log}#{seq}", wrong)] if wrong else []
        instead = bytes.fromhex(entry["leaf"]) if re.fullmatch("[0-9a-f]{64}", entry.get("leaf", "")) else bytes(32)
        hashes.append(instead if entry.get("leaf") else hashlib.sha256(b"\x00" + entry.get("envelope", "").encode()).digest())
    signed, covered, held = [], None, 0
    texts = [("checkpoint", "checkpoint", told["checkpoint"], sender)]
    texts += [(f"receipt-{number}", "receipt", text, receiver) for number, text in enumerate(told["receipts"])]
    for where, kind, text, key in texts:
        try:
            payload = covered_by(key, kind, text)
            need(payload["log"] == log and payload["size"] >= 0, "of another log")
            signed.append((payload["size"], payload["root"]))
            covered = payload["size"] if kind == "checkpoint" else covered
        except (Wrong, KeyError, TypeError):
            faults.append((f"{log}#{where}", kind))
    for size, root in sorted(signed):
        if size > len(hashes):
            return [*faults, (f"{log}#{len(hashes)}", "missing")]
        if root_of(hashes[:size]).hex() != root:
            return [*faults, (f"{log}#{held}" if size - held <= 1 else f"{log}#{held}-{size - 1}", "tree")]
        held = size
    return [*faults, (f"{log}#{covered}", "tree")] if covered is not None and covered < len(hashes) else faults


def verify(data, spoken=None):
    """Return the faults of an evidence file as (where, what is wrong), first one first. Raises `Wrong` for what is no such file."""
    kind, payload, _, _ = opened(data)
    proof = strict(payload)
    need(kind == "application/vnd.hamsaya.proof" and proof.get("format") == "hamsaya-proof-1", "no evidence")
    faults, keys = [], {}
    for number, text in enumerate(proof["cards"]):
        try:
            claimed = strict(opened(text)[1])
            card = unsealed(text, "card", bytes.fromhex(claimed["key"]))
            keys[card["party"]] = [(bytes.fromhex(card["key"]), {})]
        except (Wrong, KeyError, TypeError, ValueError):
            faults.append((f"card-{number}", "card"))
            continue
        if spoken is not None and spoken.get(card["party"]) != fingerprint(keys[card["party"]][-1][0]):
            faults.append((f"card-{number}", "key"))
    for number, text in reversed(list(enumerate(proof.get("letters", [])))):
        try:
            follow(text, keys)
        except (Wrong, KeyError, TypeError, ValueError):
            faults.append((f"letter-{number}", "key"))
    faults += [fault for log in proof["logs"] for fault in log_faults(log, keys)]
    try:
        unsealed(data, "proof", keys[proof["written_by"]][-1][0])
    except (Wrong, KeyError):
        faults.append(("file", "file"))
    return faults


if __name__ == "__main__":
    found = verify(Path(sys.argv[1]).read_bytes(), dict(each.split("=", 1) for each in sys.argv[2:]) or None)
    sys.stdout.write("".join(f"{where} {wrong}\n" for where, wrong in found) or "nothing was altered\n")
    sys.exit(bool(found))
