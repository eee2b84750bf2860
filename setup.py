"""Compile the gettext catalogs when building. Everything else is in setup.cfg."""

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithCatalogs(build_py):
    """The usual build, with translations/*.mo made first so that every wheel speaks all languages."""

    def run(self) -> None:
        self.run_command("compile_catalog")
        super().run()


setup(cmdclass={"build_py": BuildWithCatalogs})
