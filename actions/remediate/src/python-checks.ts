/** Begins a line that names something wrong, after which a check goes on. */
export const faultMark = '! ';

/** In a program of Python: what the packages require of one another and do not have, by the words before a ", but". */
export const pythonConflicts = `def conflicts(tool):
    done = subprocess.run(tool + ["check"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = [line.strip() for line in done.stdout.splitlines() if re.search("require", line)]
    # the version that does not fit stands behind the "but", and differs after an upgrade
    return {re.split(", but", line)[0]: line for line in lines}
`;

/** Prints what \`pip check\` finds, or that of uv in an environment without pip; ends with 1 where the image has neither. */
export const packagesFit = `import os, re, shutil, subprocess, sys

${pythonConflicts}
os.environ.update(PIP_DISABLE_PIP_VERSION_CHECK="1", UV_NO_CACHE="1", UV_PYTHON=sys.executable)
if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
    tool = [sys.executable, "-m", "pip"]
elif shutil.which("uv"):
    tool = [shutil.which("uv"), "pip"]
else:
    sys.exit("the environment has no pip and the image no uv")
for line in conflicts(tool).values():
    print("${faultMark}" + line)
`;

/**
 * Prints which libraries the native parts of Python packages are linked with and do not find, by package: the file of another version has another name.
 * Some are always missing, because a package loads them itself before, or the driver brings them.
 */
export const packagesLinked = `import os, re, subprocess, sys
from concurrent.futures import ThreadPoolExecutor

def missing(part):
    package, path = part
    said = subprocess.run(["ldd", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    # glibc's words, and those of musl
    found = re.findall(r"(\\S+) => not found|version \`(\\S+)' not found|Error loading shared library (\\S+):", said)
    return {package + " lacks " + "".join(names) for names in found}

roots = {os.path.realpath(root) for root in sys.path if root.endswith("-packages") and os.path.isdir(root)}
parts = []
for root in roots:
    for folder, _, files in os.walk(root):
        for name in files:
            if re.search(r"\\.so(\\.|$)", name):
                path = os.path.join(folder, name)
                parts.append((re.split(r"[/.]", os.path.relpath(path, root))[0], path))
with ThreadPoolExecutor() as pool:
    for line in sorted(set().union(*pool.map(missing, parts))):
        print("${faultMark}" + line)
`;

/**
 * Runs a program until it has read its arguments: by argparse, or by click and what typer has of it. Its arguments are the program, or \`-m\` and a
 * module, and what that is given.
 */
export const argumentsRead = `import argparse, importlib, os, runpy, shutil, sys

def taken():
    sys.stdout.flush()
    os._exit(0)

def parse_args(parser, args=None, namespace=None, by=argparse.ArgumentParser.parse_args):
    parsed = by(parser, args, namespace)
    # a library that is imported may have a parser of its own, which it gives nothing
    return parsed if args is not None and len(args) == 0 else taken()

argparse.ArgumentParser.parse_args = parse_args

def until_invoked(click):
    def invoke(command, context, by=click.Command.invoke):
        # that of a group comes before its command has read anything
        return by(command, context) if hasattr(command, "commands") else taken()
    click.Command.invoke = invoke

for name in "click.core", "typer._click.core":
    try:
        until_invoked(importlib.import_module(name))
    except ImportError:
        pass

if sys.argv[1] == "-m":
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
else:
    sys.argv = [shutil.which(sys.argv[1]) or sys.argv[1]] + sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
sys.exit("it ended before it had read its arguments")
`;
