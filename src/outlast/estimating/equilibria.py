"""The equilibria of signalling games with given utilities, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from outlast.estimating.fault import CasesError, fault, nearest, shown
from outlast.estimating.precision import precise
from outlast.estimating.pseudo import beliefs_table
from outlast.estimating.roots import all_roots
from outlast.estimating.signalling import UTILITIES


def equilibria(utilities: Mapping[str, Any]) -> pl.DataFrame:
    """Return every equilibrium of each case, one row for each, by rising chance of resistance.

    Args:
        utilities: numbers, or arrays of one length, for ``S_A``, ``V_A``, ``C_B``, ``W_A``, ``W_B``, ``a`` and ``V_B``;
            those left out are 0.

    Returns:
        ``case`` (from 0), ``equilibrium`` (from 1; 0 if there is none within the game: A never challenges or B's answer
        is certain), the utilities, and the chances: ``p_SQ``, ``p_CD``, ``p_SF``, ``p_BD`` of the outcomes,
        ``p_challenge``, ``p_resist`` and ``p_firm`` of the moves where they are made.
    """
    strange = [name for name in utilities if name not in UTILITIES]
    if strange:
        rule, reason = f"a utility is one of {', '.join(UTILITIES)}", "these are the payoffs of the game"
        raise CasesError(
            [fault(name, shown(name), rule, reason, "correct it", nearest(name, UTILITIES)) for name in strange]
        )
    columns = np.broadcast_arrays(*(np.asarray(utilities.get(name, 0.0), float) for name in UTILITIES))
    values = np.stack([np.atleast_1d(column).ravel() for column in columns], axis=1)
    with precise():
        roots = all_roots(values)
        case, place = np.nonzero(~np.isnan(roots.index))
        table = beliefs_table(values[case], roots.index[case, place])
    number = np.where(roots.count[case] == 0, 0, place + 1)
    named = {name: values[case, i] for i, name in enumerate(UTILITIES)}
    return pl.DataFrame({"case": case, "equilibrium": number, **named, **table})
