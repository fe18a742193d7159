# SPDX-License-Identifier: Apache-2.0
"""Sentences that keep apart from their blanks, and errors that say who must act."""

from __future__ import annotations

import pytest

from hamsaya.facts import errors
from hamsaya.facts.words import say


def test_blank_that_looks_like_a_blank_is_not_filled_again():
    assert str(say("{who} said it", who="{secret}")) == "{secret} said it"


def test_blank_is_kept_as_text_and_apart_from_the_sentence():
    text = say("{n} of {all}", n=3, all=None)
    assert (text.message, text.blanks) == ("{n} of {all}", {"n": "3", "all": "None"})


def test_each_family_of_errors_has_its_own_code_and_exit_code():
    families = [errors.InputError, errors.Refused, errors.NeighbourError, errors.LinkError, errors.OperatorError, errors.Tampered]
    assert len({family.exit_code for family in families} | {0, 1}) == len(families) + 2
    assert len({family.code for family in families}) == len(families)


@pytest.mark.parametrize("family", [errors.InputError, errors.NeighbourError, errors.LinkError, errors.OperatorError, errors.Tampered])
def test_error_keeps_its_sentence_and_the_next_step(family):
    error = family(say("what {came}", came="x"), say("do this"))
    assert (str(error), str(error.hint)) == ("what x", "do this")
    assert isinstance(error, errors.HamsayaError)


def test_not_found_is_something_that_the_caller_can_correct():
    assert issubclass(errors.NotFound, errors.InputError)
    assert errors.NotFound.exit_code == errors.InputError.exit_code


def test_refusal_names_its_rule():
    assert errors.Refused(say("no"), rule="two-officers").rule == "two-officers"
