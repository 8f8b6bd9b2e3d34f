"""Command line of the data: ``python -m data COMMAND``.

Exit codes: 0 done; 1 the data or the request is wrong (message on stderr); 2 usage.
"""

from __future__ import annotations

import typer

from data.resolutions import RESOLUTIONS, write_schema

app = typer.Typer(
    help="What is known: check it, look units up, bring boundaries in.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def main() -> None:
    """Keep commands by name even while there is only one."""


@app.command()
def schema() -> None:
    """Write the JSON Schema of the resolution files anew from the models."""
    write_schema()
    typer.echo(f"{RESOLUTIONS / 'schema.json'} is written")


if __name__ == "__main__":
    app(prog_name="python -m data")
