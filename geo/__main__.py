"""Command line: ``python -m geo COMMAND``; ``--help`` lists the commands.

Exit codes: 0 done; 1 the data or the request is wrong (message on stderr); 2 usage.
"""

import typer

from data._command import Commands
from geo.commands._endings import FileCommand
from geo.commands.account import areas, zones
from geo.commands.compare import compare_places
from geo.commands.export import export, package
from geo.commands.plots import account
from geo.commands.policy import conditions, targets
from geo.commands.rank import rank
from geo.commands.report import draw_map, form, report
from geo.commands.scenario import scenario
from geo.commands.serve import serve
from geo.commands.site import check

app = typer.Typer(
    cls=Commands,
    help="Industrial land by zone: fill rate, available land, and where the figures come from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command(cls=FileCommand)(zones)
app.command(cls=FileCommand)(areas)
app.command(cls=FileCommand)(account)
app.command(cls=FileCommand)(targets)
app.command(cls=FileCommand)(conditions)
app.command("check-site", cls=FileCommand)(check)
app.command(cls=FileCommand)(rank)
app.command(cls=FileCommand)(scenario)
app.command("compare", cls=FileCommand)(compare_places)
app.command(cls=FileCommand)(export)
app.command(cls=FileCommand)(package)
app.command(cls=FileCommand)(report)
app.command("map", cls=FileCommand)(draw_map)
app.command("form04", cls=FileCommand)(form)
app.command(cls=FileCommand)(serve)

if __name__ == "__main__":
    app(prog_name="python -m geo")
