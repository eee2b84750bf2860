"""Is this machine well? The same look as `fieldref doctor`, in a volunteer's language."""

from flask import Blueprint, current_app, render_template
from flask_babel import gettext

from fieldref.doctor import Finding, Patient, examine
from fieldref.web.paths import take_language

doctoring = Blueprint("doctoring", __name__, url_prefix="/<language:language>")
doctoring.url_value_preprocessor(take_language)


@doctoring.get("/doctor")
def look() -> str:
    """Everything that was looked at, what is worst first; nothing of it is kept."""
    found = [(each, _said(each)) for each in examine(Patient(current_app.config["FOLDER"]))]
    return render_template("staff/doctor.html", found=found)


def _said(finding: Finding) -> str:
    said: str = gettext(finding.says, **finding.figures)
    return said
