"""A typed decision as one operation: values of the actions in, equilibrium chances and the decision's own value out.

On a processor the work is done by compiled loops that XLA calls (``outlast.solving.stationwise``); elsewhere by the
same equations in JAX (``outlast.solving.typed``). Both start where the months after point to.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from outlast.solving.kept import kept_folder
from outlast.solving.typed import Start


VECTOR = 8
"""Cells that the loops take at once; a smaller game is filled up."""


class Decided(NamedTuple):
    """Value at the station by account, chances by type and posterior per action, the next start, and proof."""

    value: Float[Array, "accounts index levels cells"]
    settler: Float[Array, "actions index levels cells"]
    staller: Float[Array, "actions index levels cells"]
    posterior: Float[Array, "actions index levels cells"]
    start: Start
    proof: Float[Array, " 4"]
    """Largest Bayes error, largest effect of it on a value, most rounds, nodes that had to start again."""


class Question(NamedTuple):
    """What is asked: values of two blocks of actions, their log base weight, noise, belief levels and start.

    A block is ``(accounts, actions, index or 1, levels, cells)``; the second may have no actions. The first two
    accounts are the types'. ``weight`` is ``(actions, index or 1, cells or 1)``.
    """

    one: Array
    two: Array
    weight: Array
    noise: Array
    levels: Array
    start: Start
    tolerance: Array


NAME = "outlast_typed_decision"


@lru_cache(maxsize=1)
def _loops() -> Any:
    """Compile and register the loops once; the cache keeps them alive."""
    from outlast.solving.foreign import register
    from outlast.solving.stationwise import typed_decision

    return register(NAME, typed_decision, kept_folder())


def decided(question: Question, index: int, *, inclusive: bool) -> Decided:
    """Solve every node of a typed decision with compiled loops.

    Args:
        question: values, weights, noise, levels and start, in double precision.
        index: index entries of the station.
        inclusive: whether the mover's value is the log-sum-exp of its actions' instead of their expectation.
    """
    short = VECTOR - question.one.shape[-1]
    if short > 0:
        return _without(decided(_with(question, short), index, inclusive=inclusive), short)
    one, two, weight, noise, levels, start, tolerance = question
    accounts, first, first_index, many, cells = one.shape
    second, second_index = two.shape[1:3]
    actions = first + second
    counts = (accounts, first, second, index, first_index, second_index, many, cells, *weight.shape[1:], inclusive)
    inner = max(many - 2, 0)
    double = one.dtype
    results = [jax.ShapeDtypeStruct((accounts, index, many, cells), double)]
    results += [jax.ShapeDtypeStruct((actions, index, many, cells), double)] * 3
    results += [jax.ShapeDtypeStruct((actions, index, inner, cells), double), jax.ShapeDtypeStruct((4,), double)]
    _loops()
    call = jax.ffi.ffi_call(NAME, results, vmap_method="broadcast_all")
    plan = np.asarray(counts, np.int64)
    value, settler, staller, posterior, odds, proof = call(
        plan, one, two, weight, levels, start.odds, start.change, noise, tolerance
    )
    return Decided(value, settler, staller, posterior, Start(odds, odds - start.odds), proof)


def _with(question: Question, more: int) -> Question:
    """Repeat the last cell, so that a vector is filled."""

    def longer(array: Array) -> Array:
        return jnp.pad(array, [(0, 0)] * (array.ndim - 1) + [(0, more)], mode="edge")

    weight = longer(question.weight) if question.weight.shape[-1] > 1 else question.weight
    start = Start(*(longer(array) for array in question.start))
    return question._replace(one=longer(question.one), two=longer(question.two), weight=weight, start=start)


def _without(answer: Decided, more: int) -> Decided:
    proof = answer.proof
    return jax.tree.map(lambda array: array[..., :-more], answer)._replace(proof=proof)
