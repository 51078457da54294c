"""The build steps that setup.cfg cannot say: page assets, translations and migrations."""

import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent


class BuildWithAssets(build_py):
    """Makes what is not in git, then puts ``migrations/`` into the package."""

    def run(self) -> None:
        """Leave a complete package in ``build_lib``, whatever an earlier build left there."""
        for step in (["assets.py"], ["translations.py", "compile"]):
            made = subprocess.run([sys.executable, ROOT / "tools" / step[0], *step[1:]])
            if made.returncode:
                sys.exit(made.returncode)
        if self.editable_mode:
            super().run()
            return
        target = Path(self.build_lib) / "volunteer_service"
        shutil.rmtree(target, ignore_errors=True)
        # The list of package data may have been made before the assets were.
        vars(self).pop("data_files", None)
        super().run()
        shutil.copytree(
            ROOT / "migrations",
            target / "migrations",
            ignore=shutil.ignore_patterns("__pycache__"),
        )


setup(cmdclass={"build_py": BuildWithAssets})
