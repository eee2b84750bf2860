"""fieldref branch serve: the branch door, for a browser on this machine."""

import click

from fieldref.cli import asking
from fieldref.exchange.branch import require_branch

PORT = 8082


@click.command()
@click.option("--port", default=PORT, show_default=True, help="Its port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="127.0.0.1 or ::1; all others are refused.")
@click.pass_context
def serve(ctx: click.Context, port: int, host: str) -> None:
    """Open the branch door for a browser on this machine. Ctrl-C closes it."""
    from fieldref.web.listen import listen

    folder = asking.folder(ctx)
    require_branch(folder)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"The branch door: http://{shown}:{port} (this machine only; Ctrl-C closes it)")
    listen("branch", folder, host, port)
