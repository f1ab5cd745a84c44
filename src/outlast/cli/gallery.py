"""The command ``outlast gallery``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from outlast.reporting.json_text import json_text


def gallery(
    name: Annotated[str | None, typer.Argument(metavar="MODEL", help="The model to solve.")] = None,
    all_models: Annotated[bool, typer.Option("--all", help="Solve every model.")] = False,
    multistart: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=100_000, help="Look for equilibria of the model from N random starts."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the random starts.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """List published models, or solve them and compare with their printed figures."""
    from outlast.cli.working import work
    from outlast.gallery import MODELS
    from outlast.scenario.fault import nearest

    if name is not None and all_models:
        raise typer.BadParameter("name one model or ask for --all, not both", param_hint="MODEL")
    if name is not None and name not in MODELS:
        near = nearest(name, MODELS)
        hint = f"; did you mean {near!r}?" if near else "."
        text = f"no model is called {name!r}{hint} The models are {', '.join(MODELS)}."
        raise typer.BadParameter(text, param_hint="MODEL")
    if multistart is not None:
        _several(name, multistart, seed, as_json)
        return
    if name is None and not all_models:
        _list(MODELS, as_json)
        return
    asked = list(MODELS) if name is None else [name]
    tables = {}
    for each in asked:
        tables[each] = rows = work(lambda say, each=each: _solved(each, say))
        if not as_json:
            _print(MODELS[each], [row.record() for row in rows])
    if as_json:
        print(json_text({each: [row.record() for row in rows] for each, rows in tables.items()}))
    if not all(row.holds for rows in tables.values() for row in rows):
        raise typer.Exit(1)


def _solved(name: str, say: Any) -> Any:
    from outlast.gallery import rows_of

    say(f"solving {name}", 0, 0)
    return rows_of(name)


def _several(name: str | None, starts: int, seed: int, as_json: bool) -> None:
    from outlast.cli.several import print_several
    from outlast.gallery import SEVERAL, model

    if name not in SEVERAL:
        text = f"random starts need a model that may have several equilibria: {' or '.join(SEVERAL)}."
        raise typer.BadParameter(text, param_hint="--multistart")
    from outlast.cli.working import work

    def looked(say: Any) -> dict[str, Any]:
        say(f"solving {name} from random starts", 0, 0)
        return model(name).several(starts=starts, seed=seed).record()

    found = work(looked)
    if as_json:
        print(json_text({name: found}))
        return
    print_several(found, principal="following noise down")


def _list(models: dict[str, str], as_json: bool) -> None:
    if as_json:
        print(json_text(models))
        return
    width = max(map(len, models))
    for name, title in models.items():
        print(f"{name:<{width}}  {title}")


def _print(title: str, records: list[dict]) -> None:
    width = max(len(record["quantity"]) for record in records)
    print(f"{title}\n\n{'quantity':<{width}}  {'published':>14}  {'ours':>14}  {'error':>8}  {'tolerance':>9}")
    for record in records:
        missed = "" if record["holds"] else "  missed"
        print(
            f"{record['quantity']:<{width}}  {record['published']:>14.10g}  {record['ours']:>14.10g}  "
            f"{record['error']:>8.1e}  {record['tolerance']:>9.0e}{missed}"
        )
    print()
