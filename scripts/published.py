"""A published package, fetched with pip in the version that is named and refused if it is not the very file."""

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path


def archive(requirement, sha256, path=None):
    """The bytes of a package's archive: from a path if one is given, else from the package index."""
    if path:
        found = Path(path).read_bytes()
    else:
        with tempfile.TemporaryDirectory() as folder:
            found = downloaded(requirement, sha256, Path(folder))
    digest = hashlib.sha256(found).hexdigest()
    if digest != sha256:
        sys.exit(f"{path or requirement}: SHA-256 is {digest}, expected {sha256}")
    return found


def downloaded(requirement, sha256, folder):
    # In a file, because only there a requirement can carry its hash, which pip checks before it unpacks anything.
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{requirement} --hash=sha256:{sha256}\n", encoding="utf8")
    packages = folder / "packages"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    if subprocess.run([*command, "--dest", packages, "--requirement", wanted]).returncode:
        sys.exit(f"{requirement} could not be fetched; give the archive's path instead")
    (package,) = packages.iterdir()
    return package.read_bytes()


def member(archive, name):
    """The text of one file of a wheel or a source archive."""
    if zipfile.is_zipfile(io.BytesIO(archive)):
        with zipfile.ZipFile(io.BytesIO(archive)) as wheel:
            return wheel.read(name).decode("utf8")
    with tarfile.open(fileobj=io.BytesIO(archive)) as source:
        return source.extractfile(name).read().decode("utf8")


def write_or_check(text, path, check):
    """Writes a generated file, or says whether it is as it would be written."""
    root = Path(__file__).parent.parent
    name = path.relative_to(root)
    n_lines = text.count("\n")
    if not check:
        path.write_bytes(text.encode("utf8"))
        print(f"{name}: {n_lines} lines written")
    elif path.read_bytes() == text.encode("utf8"):
        print(f"{name}: as generated, {n_lines} lines")
    else:
        sys.exit(f"{name} is not what this script writes; run it without --check")
