# SPDX-License-Identifier: Apache-2.0
"""What entries of the link logs hold on the life of an agreement."""

from __future__ import annotations

import msgspec


class AgreementActTold(msgspec.Struct, frozen=True):
    """Link act `agreement.act`: a party suspends, resumes or withdraws an agreement, or declines a text of it."""

    agreement: str
    act: str
    """The signed act (`hamsaya.agreement.lifecycle.AgreementAct`)."""


class AgreementHeard(msgspec.Struct, frozen=True):
    """Link act `agreement.heard`: what a third party signed on an agreement of three or more, passed on as it was signed.

    The signature of its author counts, whoever carries it. `direct` is the teller's word that the author told it itself.
    """

    agreement: str
    signed: str
    """An act (`AgreementAct`) or a signature (`hamsaya.agreement.charter.Signature`)."""
    direct: bool
