# SPDX-License-Identifier: Apache-2.0
"""The log's tree against RFC 6962 as it is written there, for every size up to 64, and against published roots."""

from __future__ import annotations

import hashlib

import pytest

from hamsaya.seal.merkle import (
    EMPTY_ROOT,
    Frontier,
    includes,
    is_consistent,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    root_of,
)

SIZES = range(65)
LEAVES = [f"leaf {number}".encode() for number in range(65)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]

# Inputs and roots of the test vectors that the Certificate Transparency implementations share.
CT_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def sha256(data):
    return hashlib.sha256(data).digest()


def split_of(size):
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def mth(leaves):
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    k = split_of(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:]))


def path(m, leaves):
    """RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split_of(len(leaves))
    return [*path(m, leaves[:k]), mth(leaves[k:])] if m < k else [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m, leaves, *, whole):
    """RFC 6962 section 2.1.2."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split_of(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], whole=False), mth(leaves[:k])]


def other(value):
    return bytes([value[0] ^ 1]) + value[1:]


@pytest.mark.parametrize("size", range(9))
def test_published_roots_of_certificate_transparency(size):
    leaves = [bytes.fromhex(text) for text in CT_LEAVES[:size]]
    assert root_of([leaf_hash(leaf) for leaf in leaves]).hex() == CT_ROOTS[size]
    assert mth(leaves).hex() == CT_ROOTS[size]


@pytest.mark.parametrize("size", SIZES)
def test_root_is_that_of_the_rfc_by_whole_list_and_by_frontier(size):
    frontier = Frontier()
    for hashed in HASHES[:size]:
        frontier.append(hashed)
    assert frontier.size == size
    assert frontier.root() == root_of(HASHES[:size]) == mth(LEAVES[:size])


@pytest.mark.parametrize("size", SIZES)
def test_kept_frontier_goes_on_as_if_it_had_never_been_put_away(size):
    frontier = Frontier()
    for hashed in HASHES[:size]:
        frontier.append(hashed)
    again = Frontier.of_peaks(frontier.peaks())
    again.append(HASHES[64])
    assert again.size == size + 1
    assert again.root() == root_of([*HASHES[:size], HASHES[64]])
    assert frontier.root() == root_of(HASHES[:size])


def test_copy_of_a_frontier_leaves_the_first_as_it_was():
    frontier = Frontier()
    frontier.append(HASHES[0])
    copy = frontier.copy()
    copy.append(HASHES[1])
    assert (frontier.size, frontier.root()) == (1, HASHES[0])
    assert (copy.size, copy.root()) == (2, root_of(HASHES[:2]))


@pytest.mark.parametrize("peaks", [[(0, "00"), (1, "00")], [(1, "00"), (1, "00")], [(-1, "00")], [(0, "zz")]])
def test_peaks_that_no_log_has_are_no_frontier(peaks):
    with pytest.raises(ValueError, match=r".*"):
        Frontier.of_peaks(peaks)


def test_empty_log_has_the_hash_of_nothing_as_its_root():
    assert Frontier().root() == EMPTY_ROOT == sha256(b"")


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_is_proven_at_its_place_and_nowhere_else(size):
    root = mth(LEAVES[:size])
    for index in range(size):
        proof = prove_inclusion(HASHES[:size], index)
        assert proof == path(index, LEAVES[:size])
        assert includes(root, size, index, HASHES[index], proof)
        assert not includes(other(root), size, index, HASHES[index], proof)
        assert not includes(root, size, index, other(HASHES[index]), proof)
        assert not includes(root, size, size, HASHES[index], proof)
        assert not includes(root, size, -1, HASHES[index], proof)
        assert not includes(root, size, index, HASHES[index], [*proof, root])
        if proof:
            assert not includes(root, size, index, HASHES[index], proof[:-1])
            assert not includes(root, size, index, HASHES[index], [other(proof[0]), *proof[1:]])
        for wrong in {(index + 1) % size, size - 1 - index} - {index}:
            assert not includes(root, size, wrong, HASHES[index], proof)


@pytest.mark.parametrize("size", SIZES)
def test_every_prefix_is_proven_and_no_other_log_is(size):
    root = mth(LEAVES[:size])
    for old in range(size + 1):
        old_root = mth(LEAVES[:old])
        proof = prove_consistency(HASHES[:size], old)
        if 0 < old < size:
            assert proof == subproof(old, LEAVES[:size], whole=True)
        assert is_consistent(old_root, old, root, size, proof)
        assert not is_consistent(other(old_root), old, root, size, proof)
        assert not is_consistent(old_root, old, root, size, [*proof, root])
        if old:
            assert not is_consistent(old_root, old, other(root), size, proof)
        if proof:
            assert not is_consistent(old_root, old, root, size, proof[:-1])
            assert not is_consistent(old_root, old, root, size, [other(each) for each in proof])


@pytest.mark.parametrize("size", range(2, 33))
def test_rewritten_history_is_consistent_with_no_earlier_size_that_held_it(size):
    rewritten = [leaf_hash(b"another first leaf"), *HASHES[1:size]]
    for old in range(1, size):
        proof = prove_consistency(rewritten, old)
        assert not is_consistent(root_of(HASHES[:old]), old, root_of(rewritten), size, proof)


def test_smaller_log_is_never_shown_to_hold_a_larger_one():
    for old, size in ((5, 4), (1, 0), (64, 63)):
        assert not is_consistent(root_of(HASHES[:old]), old, root_of(HASHES[:size]), size, prove_consistency(HASHES[:old], size))


def test_leaf_that_reads_as_two_hashes_is_not_taken_for_their_parent():
    pair = HASHES[0] + HASHES[1]
    assert leaf_hash(pair) != root_of(HASHES[:2])
