"""Where the peers come from: installed at the first question, with pinned versions, under the target directory."""
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def run(*command, **options):
    subprocess.run([str(word) for word in command], check=True, stdout=sys.stderr, **options)


def target_directory(folder):
    """Cargo's target directory for `folder`'s workspace."""
    found = subprocess.run(["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=folder, check=True,
                           stdout=subprocess.PIPE)
    return Path(json.loads(found.stdout)["target_directory"])


def installed(folder, pins, install):
    """Calls `install` unless the same pins are installed."""
    stamp, digest = folder / "installed", hashlib.sha256(b"".join(pin.read_bytes() for pin in pins)).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        folder.mkdir(parents=True, exist_ok=True)
        install()
        stamp.write_text(digest)


class Python:
    """A package of Python, in a virtual environment."""

    def __init__(self, cache, name, package):
        pins = HERE / "python" / "requirements.txt"
        self.name, self.folder = name, cache / "python"
        self.version = re.search(rf"(?im)^{re.escape(package)}==(\S+)$", pins.read_text()).group(1)

        def install():
            run(sys.executable, "-m", "venv", "--upgrade-deps", self.folder)
            run(self.folder / "bin" / "pip", "install", "--quiet", "--requirement", pins)
        self.install = lambda: installed(self.folder, [pins], install)

    def command(self):
        self.install()
        return [str(self.folder / "bin" / "python"), str(HERE / "python" / "extractors.py"), self.name]


class Rust:
    """A crate, in the program of the workspace beside this file."""

    def __init__(self, cache, crate):
        self.name, self.crate, self.target = f"{crate} (Rust)", crate, cache.parent
        manifest = (HERE / "rust" / "Cargo.toml").read_text()
        self.version = re.search(rf'(?m)^{re.escape(crate)} = "=(.+)"$', manifest).group(1)

    def command(self):
        run("cargo", "build", "--release", "--locked", "--target-dir", self.target, cwd=HERE / "rust")
        return [str(self.target / "release" / "peers-rust"), self.crate]


class Node:
    """Readability, with the DOM that it needs."""

    def __init__(self, cache):
        self.name, self.folder = "readability.js", cache / "node"
        self.version = json.loads((HERE / "node" / "package.json").read_text())["dependencies"]["@mozilla/readability"]

    def command(self):
        pins = [HERE / "node" / name for name in ("package.json", "package-lock.json", "readability.js")]

        def install():
            for pin in pins:
                shutil.copy(pin, self.folder)
            run("npm", "ci", "--no-audit", "--no-fund", cwd=self.folder)
        installed(self.folder, pins, install)
        return ["node", str(self.folder / "readability.js")]


def renderer(cache):
    """The filter that turns pages into plain lines; it runs where lxml is."""
    beside = Python(cache, "lines", "trafilatura")
    return beside.command()


ALL = {
    "trafilatura": lambda cache: Python(cache, "trafilatura", "trafilatura"),
    "trafilatura-precision": lambda cache: Python(cache, "trafilatura-precision", "trafilatura"),
    "readability-lxml": lambda cache: Python(cache, "readability-lxml", "readability-lxml"),
    "justext": lambda cache: Python(cache, "justext", "jusText"),
    "newspaper4k": lambda cache: Python(cache, "newspaper4k", "newspaper4k"),
    "resiliparse": lambda cache: Python(cache, "resiliparse", "Resiliparse"),
    "trafilatura-rust": lambda cache: Rust(cache, "trafilatura"),
    "rs-trafilatura": lambda cache: Rust(cache, "rs-trafilatura"),
    "dom_smoothie": lambda cache: Rust(cache, "dom_smoothie"),
    "readability.js": lambda cache: Node(cache),
}
