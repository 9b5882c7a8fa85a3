"""torch-without-cuda.py VENV: makes PyPI's torch for Linux importable without the CUDA libraries that it is linked against.

PyPI has torch for x86-64 Linux with CUDA alone, and what it is linked against takes 4 GB. A test machine without a GPU that reaches no other index gets
libraries here that have the right names and symbols and answer "no device" to every call. This is for tests: an image for production takes
torch's own build for CPUs.
"""

import collections
import glob
import os
import re
import subprocess
import sys
import tempfile

[LIBRARIES] = glob.glob(sys.argv[1] + "/lib/python3*/site-packages/torch/lib")
MISSING = re.compile(
    r"lib(cudart|nvrtc|nccl|cusparse|cufile|cudnn|cublas|nvshmem_host|cusparseLt|cusolver|curand|cupti|cufft|cuda|cublasLt)\.so"
)
CUDA_SYMBOL = re.compile(
    r"(cuda[A-Z]|__cuda|cublas|cudnn|cufft|curand|cusolver|cusparse|nccl|pnccl|nvrtc|nvshmem|cuFile|cupti|nvtx|cu[A-Z]|nvJitLink|nvml)"
)
NO_DEVICE = 100  # cudaErrorNoDevice


def read(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def wanted(libraries: list) -> tuple:
    """(names of missing libraries, symbols by library and version, symbols that name no library)"""
    names, versions, plain = set(), collections.defaultdict(lambda: collections.defaultdict(set)), set()
    for library in libraries:
        names.update(name for name in re.findall(r"NEEDED.*\[(.*?)\]", read("readelf", "-dW", library)) if MISSING.match(name))
        owner, file = {}, None
        for line in read("readelf", "-VW", library).splitlines():
            if found := re.search(r"File: (\S+)", line):
                file = found[1]
            elif (found := re.search(r"Name: (\S+)\s+Flags", line)) and file and MISSING.match(file):
                owner[found[1]] = file
        for line in read("nm", "-D", "--undefined-only", library).splitlines():
            name, _, version = line.split()[-1].replace("@@", "@").partition("@")
            if version in owner:
                versions[owner[version]][version].add(name)
            elif not version and CUDA_SYMBOL.match(name):
                plain.add(name)
    return names, versions, plain


def source(symbols: set) -> str:
    lines = ['static const char text[] = "no CUDA on this machine";']
    for name in sorted(symbols):
        if name == "cudaGetDeviceCount":
            lines.append(f"int {name}(int *count) {{ *count = 0; return {NO_DEVICE}; }}")
        elif re.search(r"[gG]et(Error|Status)(String|Name)$|GetErrorString|_getErrorString", name):
            lines.append(f"const char *{name}(void) {{ return text; }}")
        else:
            lines.append(f"int {name}(void) {{ return {NO_DEVICE}; }}")
    return "\n".join(lines) + "\n"


def main() -> None:
    present = [path for path in glob.glob(LIBRARIES + "/*.so*") if not MISSING.match(os.path.basename(path))]
    names, versions, plain = wanted(present)
    plain -= {name for by_version in versions.values() for symbols in by_version.values() for name in symbols}
    with tempfile.TemporaryDirectory() as folder:
        for name in sorted(names):
            by_version = versions.get(name, {})
            with open(folder + "/library.c", "w", encoding="ascii") as file:
                file.write(source(set().union(*by_version.values()) if by_version else plain))
            command = ["gcc", "-w", "-fno-builtin", "-shared", "-fPIC", f"-Wl,-soname,{name}"]
            if by_version:
                with open(folder + "/versions", "w", encoding="ascii") as file:
                    for version, symbols in by_version.items():
                        file.write(f"{version} {{ global: {'; '.join(sorted(symbols))}; }};\n")
                command.append(f"-Wl,--version-script={folder}/versions")
            subprocess.run([*command, "-o", f"{LIBRARIES}/{name}", folder + "/library.c"], check=True)
    print(f"Made {len(names)} libraries.")


main()
