"""Command line: ``python -m geo COMMAND``; ``--help`` lists the commands.

Exit codes: 0 done; 1 the data or the request is wrong (message on stderr); 2 usage.
"""

import typer

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
    help="Industrial land by zone: fill rate, available land, and where the figures come from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(zones)
app.command()(areas)
app.command()(account)
app.command()(targets)
app.command()(conditions)
app.command("check-site")(check)
app.command()(rank)
app.command()(scenario)
app.command("compare")(compare_places)
app.command()(export)
app.command()(package)
app.command()(report)
app.command("map")(draw_map)
app.command("form04")(form)
app.command()(serve)

if __name__ == "__main__":
    app(prog_name="python -m geo")
