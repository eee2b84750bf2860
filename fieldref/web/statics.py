"""Style sheets and the few other static files, under addresses that change when they change."""

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort

from fieldref.folders import folder

KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
COMMENT = re.compile(rb"\s*/\*.*?\*/", re.DOTALL)
FOR_GOOD = "public, max-age=31536000, immutable"


@cache
def _files() -> dict[str, tuple[str, bytes]]:
    """Every static file: its name -> a short hash of its bytes, and the bytes."""
    files: dict[str, tuple[str, bytes]] = {}
    for path in sorted(folder("static").iterdir()):
        if path.suffix in KINDS:
            content = path.read_bytes()
            if path.suffix == ".css":
                content = COMMENT.sub(b"", content)  # its reasons are for us; a phone need not carry them
            files[path.name] = (hashlib.sha256(content).hexdigest()[:10], content)
    return files


def add_statics(app: Flask, keep_header: tuple[str, str] | None = None) -> None:
    """Serve static/ at /static/<hash>/<name>, for templates as `static(name)`; *keep_header* marks it as kept."""

    @app.get("/static/<mark>/<name>", endpoint="static_file")
    def static_file(mark: str, name: str) -> Response:
        known, content = _files().get(name, ("", b""))
        if mark != known:
            abort(404)
        response = Response(content, content_type=KINDS[Path(name).suffix])
        response.headers["Cache-Control"] = FOR_GOOD
        if keep_header:
            response.headers[keep_header[0]] = keep_header[1]
        return response

    def static(name: str) -> str:
        return f"/static/{_files()[name][0]}/{name}"

    app.jinja_env.globals["static"] = static
