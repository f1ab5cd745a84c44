"""Eight numbers at once: a vector type for compiled loops.

A loop that LLVM will not vectorise by itself is written here with vectors as its scalars: ``a * b + c`` on two vectors,
``exp`` and ``log`` without a call, a mask instead of a branch. Vectors live in registers; ``load`` and ``store`` move
them to and from flat arrays of doubles. ``exp`` and ``log`` are accurate to a few units in the last place.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core.datamodel import models
from numba.extending import intrinsic, overload, register_model

loop = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=True)
"""Compile a function that only compiled functions call."""
bare = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)
"""Compile one that makes no arrays and takes no slices. Nobody counts who holds its arrays, which would cost more than
the work in a short loop that picks one of two of them."""
inline = njit(forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)
"""Compile a bare one into its callers: a call that hands over many numbers costs more than a small function does."""
WIDTH = 8
"""Numbers in a vector."""
FLAGS = ("contract", "nsz")
_DOUBLES = ir.VectorType(ir.DoubleType(), WIDTH)
_INTEGERS = ir.VectorType(ir.IntType(64), WIDTH)
_BITS = ir.VectorType(ir.IntType(1), WIDTH)
_ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to an integer that stands in the low bits
_ROOT_HALF = 0x3FE6A09E667F3BCD  # bits of the square root of one half


class VectorType(types.Type):
    """Type of a vector of doubles."""

    def __init__(self) -> None:
        super().__init__(name=f"Vector{WIDTH}")


class MaskType(types.Type):
    """Type of a vector of truth values."""

    def __init__(self) -> None:
        super().__init__(name=f"Mask{WIDTH}")


vector: Any = VectorType()
mask: Any = MaskType()


@register_model(VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _DOUBLES)


@register_model(MaskType)
class _MaskModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _BITS)


def _every(kind: Any, value: Any) -> Any:
    return ir.Constant(kind, [value] * WIDTH)


@intrinsic
def spread(typing: Any, number: Any) -> Any:
    """Return a vector of one number."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        blank, index = ir.Constant(_DOUBLES, ir.Undefined), ir.IntType(32)
        one = builder.insert_element(blank, args[0], ir.Constant(index, 0))
        return builder.shuffle_vector(one, blank, ir.Constant(ir.VectorType(index, WIDTH), [0] * WIDTH))

    return vector(types.float64), emit


def _place(context: Any, builder: Any, kind: Any, array: Any, index: Any) -> Any:
    start = builder.gep(context.make_array(kind)(context, builder, array).data, [index])
    return builder.bitcast(start, _DOUBLES.as_pointer())


@intrinsic
def load(typing: Any, array: Any, index: Any) -> Any:
    """Return eight consecutive numbers of a flat array."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        read = builder.load(_place(context, builder, signature.args[0], args[0], args[1]))
        read.align = 8
        return read

    return vector(array, types.intp), emit


@intrinsic
def store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Write eight consecutive numbers of a flat array."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        written = builder.store(args[2], _place(context, builder, signature.args[0], args[0], args[1]))
        written.align = 8
        return context.get_dummy_value()

    return types.void(array, types.intp, vector), emit


def _arithmetic(name: str, flags: tuple[str, ...] = FLAGS) -> Any:
    @intrinsic
    def operation(typing: Any, left: Any, right: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return getattr(builder, name)(args[0], args[1], flags=flags)

        return vector(vector, vector), emit

    return operation


def _comparison(sign: str) -> Any:
    @intrinsic
    def operation(typing: Any, left: Any, right: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.fcmp_ordered(sign, args[0], args[1])

        return mask(vector, vector), emit

    return operation


def _extreme(sign: str) -> Any:
    @intrinsic
    def operation(typing: Any, left: Any, right: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.select(builder.fcmp_ordered(sign, args[0], args[1]), args[0], args[1])

        return vector(vector, vector), emit

    return operation


below, above, at_least = (_comparison(sign) for sign in ("<", ">", ">="))
least, most = (_extreme(sign) for sign in ("<", ">"))
_exact_add, _exact_subtract = (_arithmetic(name, ()) for name in ("fadd", "fsub"))


def _offer(symbol: Any, operation: Any) -> None:
    @overload(symbol)
    def chosen(left, right):
        kinds = isinstance(left, VectorType), isinstance(right, VectorType)
        if kinds == (True, True):
            return lambda left, right: operation(left, right)
        if kinds == (True, False) and isinstance(right, types.Float):
            return lambda left, right: operation(left, spread(right))
        if kinds == (False, True) and isinstance(left, types.Float):
            return lambda left, right: operation(spread(left), right)
        return None


for _symbol, _name in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _offer(_symbol, _arithmetic(_name))


@intrinsic
def choose(typing: Any, where: Any, yes: Any, no: Any) -> Any:
    """Return ``yes`` where the mask is set, ``no`` elsewhere."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(args[0], args[1], args[2])

    return vector(mask, vector, vector), emit


@intrinsic
def both(typing: Any, left: Any, right: Any) -> Any:
    """Return where both masks are set."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.and_(args[0], args[1])

    return mask(mask, mask), emit


@intrinsic
def somewhere(typing: Any, where: Any) -> Any:
    """Return whether the mask is set anywhere."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = ir.IntType(WIDTH)
        return builder.icmp_unsigned("!=", builder.bitcast(args[0], bits), ir.Constant(bits, 0))

    return types.boolean(mask), emit


@intrinsic
def _power(typing: Any, rounded: Any) -> Any:
    """Return 2 to the integer in the low bits of a rounded number."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = builder.shl(builder.bitcast(args[0], _INTEGERS), _every(_INTEGERS, 52))
        return builder.bitcast(builder.add(bits, _every(_INTEGERS, 0x3FF0000000000000)), _DOUBLES)

    return vector(vector), emit


def _steps(builder: Any, bits: Any) -> Any:
    return builder.ashr(builder.sub(bits, _every(_INTEGERS, _ROOT_HALF)), _every(_INTEGERS, 52))


@intrinsic
def _exponent(typing: Any, value: Any) -> Any:
    """Return k such that value / 2**k lies between the square roots of one half and of two."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        steps = _steps(builder, builder.bitcast(args[0], _INTEGERS))
        moved = builder.bitcast(builder.add(steps, _every(_INTEGERS, 0x4338000000000000)), _DOUBLES)
        return builder.fsub(moved, _every(_DOUBLES, _ROUNDER))

    return vector(vector), emit


@intrinsic
def _fraction(typing: Any, value: Any) -> Any:
    """Return value / 2**k with the k of ``_exponent``."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = builder.bitcast(args[0], _INTEGERS)
        steps = builder.shl(_steps(builder, bits), _every(_INTEGERS, 52))
        return builder.bitcast(builder.sub(bits, steps), _DOUBLES)

    return vector(vector), emit


@njit(forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def exp(x):
    """Return e to the power of x; above 700, that of 700; below -700, 0."""
    none = below(x, spread(-700.0))
    x = most(least(x, spread(700.0)), spread(-700.0))
    rounded = _exact_add(x * 1.4426950408889634, spread(_ROUNDER))
    k = _exact_subtract(rounded, spread(_ROUNDER))
    r = x - k * 0.6931471803691238
    r = r - k * 1.9082149292705877e-10
    # In pairs, not one term after the other: the processor waits less.
    square = r * r
    fourth = square * square
    low = (r * 0.16666666666666666 + 0.5) * square + (r + 1.0)
    middle = (r * 0.0001984126984126984 + 0.001388888888888889) * square + (
        r * 0.008333333333333333 + 0.041666666666666664
    )
    high = (r * 2.505210838544172e-08 + 2.755731922398589e-07) * square + (
        r * 2.7557319223985893e-06 + 2.48015873015873e-05
    )
    high = high + fourth * 2.08767569878681e-09
    p = (high * fourth + middle) * fourth + low
    return choose(none, spread(0.0), p * _power(rounded))


@njit(forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def log(x):
    """Return the natural logarithm of a positive x."""
    f = _fraction(x)
    s = (f - 1.0) / (f + 1.0)
    q = s * s
    p = spread(1.0 / 21.0)
    p = p * q + 1.0 / 19.0
    p = p * q + 1.0 / 17.0
    p = p * q + 1.0 / 15.0
    p = p * q + 1.0 / 13.0
    p = p * q + 1.0 / 11.0
    p = p * q + 1.0 / 9.0
    p = p * q + 1.0 / 7.0
    p = p * q + 0.2
    p = p * q + 1.0 / 3.0
    p = p * q + 1.0
    return _exponent(x) * 0.6931471805599453 + s * p * 2.0


@njit(forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def size(x):
    """Return the absolute value."""
    return most(x, spread(0.0) - x)
