# SPDX-License-Identifier: Apache-2.0
"""What entries of the link logs hold on the life of an agreement."""

from __future__ import annotations

import msgspec


class AgreementActTold(msgspec.Struct, frozen=True):
    """Link act `agreement.act`: a party suspends, resumes or withdraws an agreement, or declines a text of it."""

    agreement: str
    act: str
    """The signed act (`hamsaya.agreement.lifecycle.AgreementAct`)."""
