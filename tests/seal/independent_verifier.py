# SPDX-License-Identifier: Apache-2.0
"""A verifier by a stranger: written from docs/reference/evidence.md, with the standard library and `cryptography` alone.

Run it: python independent_verifier.py EVIDENCE [PARTY=FINGERPRINT …]. It prints the faults, first one first, and ends with 1 if there is one.
"""

import base64
import hashlib
import json
import re
import sys
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

    def refuse(came):
        raise Wrong(f"{came} is no whole number")

    def check(value, depth):
        need(depth <= 64, "nested too deep")
        need(not isinstance(value, int) or abs(value) < 2**53, "too large a number")
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            check(each, depth + 1)

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Wrong(str(error)) from error
    check(value, 0)
    return value


def plain_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError) as error:
        raise Wrong("base 64") from error
    need(base64.b64encode(data).decode() == text, "another way to write base 64")
    return data


def opened(text):
    """Section 2: the type, payload, key id and signature of an envelope."""
    try:
        wire = strict(text)
        ((signature),) = wire["signatures"]
        need(isinstance(wire["payload"], str) and isinstance(signature["sig"], str), "not text")
        return wire["payloadType"], plain_base64(wire["payload"]), signature["keyid"], plain_base64(signature["sig"])
    except (KeyError, TypeError, ValueError) as error:
        raise Wrong("no envelope") from error


def unsealed(text, kind, key):
    """Section 2: the payload, if `key` signed it as a `kind`."""
    kind_told, payload, keyid, signature = opened(text)
    need(kind_told == f"application/vnd.hamsaya.{kind}", "another type")
    need(keyid == hashlib.sha256(key).hexdigest(), "another key")
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
    try:
        salt = bytes.fromhex(entry.get("salt", ""))
    except ValueError:
        return "commitment"
    if entry.get("content") is not None:
        opening = hashlib.sha256(b"hamsaya-content-v1\x00" + salt + entry["content"].encode()).hexdigest()
        return "" if len(salt) == 32 and opening == header["commitment"] else "commitment"
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
        wrong = entry_fault(entry, sender, log, seq)
        faults += [(f"{log}#{seq}", wrong)] if wrong else []
        whole = re.fullmatch("[0-9a-f]{64}", entry.get("leaf", ""))
        instead = bytes.fromhex(whole[0]) if whole else bytes(32)
        hashes.append(instead if entry.get("leaf") else hashlib.sha256(b"\x00" + entry.get("envelope", "").encode()).digest())
    signed, covered = [], None
    texts = [("checkpoint", "checkpoint", told["checkpoint"], sender)]
    texts += [(f"receipt-{number}", "receipt", text, receiver) for number, text in enumerate(told["receipts"])]
    for where, kind, text, key in texts:
        try:
            payload = unsealed(text, kind, key)
            need(payload["log"] == log and payload["size"] >= 0, "of another log")
            signed.append((payload["size"], payload["root"]))
            covered = payload["size"] if kind == "checkpoint" else covered
        except (Wrong, KeyError, TypeError):
            faults.append((f"{log}#{where}", kind))
    held = 0
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
            keys[card["party"]] = bytes.fromhex(card["key"])
        except (Wrong, KeyError, TypeError, ValueError):
            faults.append((f"card-{number}", "card"))
            continue
        if spoken is not None and spoken.get(card["party"]) != fingerprint(keys[card["party"]]):
            faults.append((f"card-{number}", "key"))
    for log in proof["logs"]:
        faults += log_faults(log, keys)
    try:
        unsealed(data, "proof", keys[proof["written_by"]])
    except (Wrong, KeyError):
        faults.append(("file", "file"))
    return faults


if __name__ == "__main__":
    found = verify(Path(sys.argv[1]).read_bytes(), dict(each.split("=", 1) for each in sys.argv[2:]) or None)
    sys.stdout.write("".join(f"{where} {wrong}\n" for where, wrong in found) or "nothing was altered\n")
    sys.exit(bool(found))
