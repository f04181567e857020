"""Runs one script of the chanjing-avatar command line. Python 3.8 or newer, no dependencies."""
import os
import shutil
import subprocess
import sys

PACKAGE = "chanjing-avatar@0.1.0"


def _command():
    """How to start the command line: an explicit path, this repository, an installed one, or npx."""
    given = os.environ.get("CHANJING_AVATAR_CLI")
    if given:
        return ["node", given] if given.endswith(".js") else [given]
    here = os.path.dirname(os.path.realpath(__file__))
    built = os.path.join(here, "..", "..", "..", "packages", "cli", "dist", "main.js")
    if os.path.isfile(built):
        return ["node", os.path.normpath(built)]
    installed = shutil.which("chanjing-avatar")
    if installed:
        return [installed]
    return [shutil.which("npx") or "npx", "--yes", PACKAGE]


def main():
    script = os.path.splitext(os.path.basename(sys.argv[0]))[0]
    command = _command() + ["skill", script] + sys.argv[1:]
    try:
        if os.name == "posix":
            os.execvp(command[0], command)
        sys.exit(subprocess.call(command))
    except OSError as error:
        sys.stderr.write("无法运行 / Cannot run %s: %s\n" % (command[0], error.strerror))
        sys.stderr.write("需要 Node.js 20.19 或更新版本 / Node.js 20.19 or newer is needed: https://nodejs.org\n")
        sys.exit(1)
