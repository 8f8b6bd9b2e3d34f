"""Command line: ``python -m geo COMMAND``; ``--help`` lists the commands.

Exit codes: 0 done; 1 the data or the request is wrong (message on stderr); 2 usage.
"""

import typer

from data._command import Command, Commands
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
app.command(cls=Command)(zones)
app.command(cls=Command)(areas)
app.command(cls=Command)(account)
app.command(cls=Command)(targets)
app.command(cls=Command)(conditions)
app.command("check-site", cls=Command)(check)
app.command(cls=Command)(rank)
app.command(cls=Command)(scenario)
app.command("compare", cls=Command)(compare_places)
app.command(cls=Command)(export)
app.command(cls=Command)(package)
app.command(cls=Command)(report)
app.command("map", cls=Command)(draw_map)
app.command("form04", cls=Command)(form)
app.command(cls=Command)(serve)

if __name__ == "__main__":
    app(prog_name="python -m geo")
