"""The program ``outlast``: its commands, and what becomes of an error.

Exit codes: 0 done; 1 a solve that failed; 2 something that the user can mend (a scenario, an option, an output path);
130 interrupted. A bug keeps its traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from io import TextIOWrapper
from keyword import iskeyword
from typing import Annotated, Any, ClassVar

import typer
from typer.core import TyperGroup

from outlast.cli.output import OutputRefused

COMMANDS = {
    "run": "Answer a scenario: solve it, print the answers and write the report.",
    "compare": "Set two scenarios side by side: what differs in them and in their answers.",
    "claims": "Print the ledger of a scenario's claims: which hold, and how firmly.",
    "ensemble": "Solve many draws from a scenario's ranges and keep what each answers; go on where it stopped.",
    "influence": "Print how much each number moves each headline over a stored ensemble.",
    "solve": "Solve a scenario and save values, choices and inputs as arrays.",
    "export": "Write the game for another solver: a tree for Gambit.",
    "verify": "Check a solution with a second computation that shares no code with the solver.",
    "scenarios": "List the scenarios that come with the program.",
    "new": "Start a scenario file of your own from the starter.",
    "check": "Check a scenario and report every fault at once.",
    "estimate": "Estimate what moves choices in a one-shot game from a table of many cases.",
    "gallery": "List published models, or solve them and compare with their printed figures.",
    "schema": "Print the JSON Schema of scenarios, or explain one key.",
    "fit": "Learn from a record: the numbers, the type and the stocks that it speaks for.",
    "forecast": "Forecast the months after a record: attendance, agreement, collapse, posture, territory.",
    "score": "Score forecasts against what came, beside forecasts that anybody could have made.",
    "record": "Check a record of what happened, show it, or import a publisher's file.",
}
"""The commands and their lines in the help. Command ``x`` is the function ``x`` of the module ``outlast.cli.x``, and
the first line of its docstring is the line given here. Where ``x`` is a folder with a table ``COMMANDS`` of its own, it
is a group, and the function ``x`` is what is said of the group. A command named like a word of Python ends its function
and its module in ``_``."""

EXTRA = ("jax", "jaxlib")
"""Packages that an installation may do without."""
MISSING = (
    "this needs JAX, which is not installed: estimators differentiate with it, and so does one model of the gallery. "
    "Install it with python -m pip install 'outlast[estimate]'"
)
LONGEST_MESSAGE = 2000
FAILED = 1
MENDABLE = 2
INTERRUPTED = 130


class LazyGroup(TyperGroup):
    """A group that knows its commands by name and imports one when it is called."""

    table: ClassVar[Mapping[str, str]] = COMMANDS
    package: ClassVar[str] = "outlast.cli"

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import one command, or return None if there is none of that name."""
        return load(cmd_name, self.package) if cmd_name in self.table else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is called, and name the nearest one if there is none."""
        if args and args[0] not in self.table and not args[0].startswith("-"):
            from outlast.scenario.fault import cut, nearest

            near = nearest(args[0], self.table)
            ctx.fail(f"No such command '{cut(args[0], 80)}'." + (f" Did you mean '{near}'?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands into the help without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))


def load(name: str, package: str = "outlast.cli") -> Any:
    """Return the command or the group ``name`` of a package, imported and ready to be called."""
    own = f"{name}_" if iskeyword(name) else name
    module = import_module(f"{package}.{own}")
    plain: dict[str, Any] = {"add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False}
    if hasattr(module, "COMMANDS"):
        group = type("LazySubgroup", (LazyGroup,), {"table": module.COMMANDS, "package": module.__name__})
        single = typer.Typer(name=name, cls=group, no_args_is_help=True, **plain)
        single.callback()(getattr(module, own))
    else:
        single = typer.Typer(**plain)
        single.command(name)(getattr(module, own))
    return typer.main.get_command(single)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"outlast {version('outlast')}")
        except PackageNotFoundError:
            print("outlast, run from its source without being installed")
        raise typer.Exit()


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def outlast(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Who gains while the talks go on, which deals would be signed, which would last, and what would change that."""


def main(arguments: list[str] | None = None) -> None:
    """Run the program and exit with its code; ``arguments`` default to those of the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    code = run_program(arguments)
    if code == INTERRUPTED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # compiled code may still run in a thread, and an ordinary exit would wait for it
    sys.exit(code)


def run_program(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code. Errors that the user can mend are printed; bugs are raised."""
    try:
        result = app(args=arguments, prog_name="outlast", standalone_mode=False)
        code = result if isinstance(result, int) else 0
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except typer.Abort:
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the reader has stopped reading; Typer exits on the same ground
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OutputRefused as refusal:
        print(refusal, file=sys.stderr)
        return MENDABLE
    except Exception as error:
        return _mendable(error)
    if code == INTERRUPTED:
        print("\noutlast: interrupted; unfinished output was not written.", file=sys.stderr)
    return code


def _mendable(error: Exception) -> int:
    """Print an error that the user can mend and return the exit code; raise it again if it is a bug."""
    from outlast.scenario.fault import ScenarioError

    if isinstance(error, ScenarioError):
        print(error, file=sys.stderr)
        return MENDABLE
    if type(error).__module__ == "outlast.ensemble.fault":  # loaded already if it was raised; not worth loading if not
        print(error, file=sys.stderr)
        return FAILED if type(error).__name__ == "WorkersLost" else MENDABLE
    if isinstance(error, ModuleNotFoundError) and error.name in EXTRA:
        print(f"outlast: {MISSING}", file=sys.stderr)
        return MENDABLE
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if callable(show) and isinstance(code, int):  # how Typer's own errors tell of a wrong option or argument
        message = getattr(error, "message", None)
        if isinstance(message, str) and len(message) > LONGEST_MESSAGE:
            error.message = f"{message[:LONGEST_MESSAGE]}..."  # pyright: ignore[reportAttributeAccessIssue]
        show()
        return code
    raise error
