"""What every answer says besides its page: nothing may be fetched from elsewhere, framed, sniffed or passed on."""

from flask import Flask, Response

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; script-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FEATURES = (
    "accelerometer=(), autoplay=(), camera=({camera}), display-capture=(), encrypted-media=(), fullscreen=(), "
    "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
# A page of the guide: kept by the phone, but asked about each time (an ETag makes the answer a few bytes).
REVALIDATE = "no-cache"
# A page about people: never kept anywhere.
NEVER = "no-store"


def set_headers(app: Flask, *, cache: str, camera: str = "", connect: str = "", referrer: str = "no-referrer") -> None:
    """Give every answer of *app* the headers of a door; *cache* is said where a view says nothing else."""
    always = {
        "Content-Security-Policy": POLICY + (f"; connect-src {connect}" if connect else ""),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": referrer,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Permissions-Policy": FEATURES.format(camera=camera),
    }

    def add(response: Response) -> Response:
        for name, value in always.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", cache)
        return response

    app.after_request(add)
