import { pythonConflicts } from '../python-checks.ts';

/**
 * Program that raises packages of an environment, each to exactly the version that is asked for, which changes least. The environment is that of the
 * Python that runs it, or has none of its own: then it is what Python calls the base of a user (site.USER_BASE), wherever that is. It uses the
 * environment's pip, or uv where there is none. What others require must go together as before: pip only warns where it does not.
 */
export const pythonUpgrade = `import os, re, shutil, subprocess, sys

def refuse(reason):
    print("E: " + reason)
    sys.exit(1)

os.environ.update(
    PIP_BREAK_SYSTEM_PACKAGES="1", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_CACHE_DIR="1", PIP_NO_INPUT="1",
    PIP_ROOT_USER_ACTION="ignore", UV_BREAK_SYSTEM_PACKAGES="1", UV_NO_CACHE="1", UV_PYTHON=sys.executable,
)
authorities = "/dev/shm/ca-certificates"
if os.path.exists(authorities):
    os.environ.update(PIP_CERT=authorities, SSL_CERT_FILE=authorities)

environment = os.path.realpath(sys.argv[1])
of_user = not environment.startswith(os.path.join(os.path.realpath(sys.prefix), ""))
if of_user:
    os.environ.update(PYTHONUSERBASE=os.path.abspath(os.path.join(environment, "..", "..", "..")), PIP_USER="1")

if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
    tool = [sys.executable, "-m", "pip"]
elif of_user:
    refuse("the environment has no Python of its own, and that of the image no pip")
elif shutil.which("uv"):
    tool = [shutil.which("uv"), "pip"]
else:
    refuse("the environment has no pip and the image no uv")

${pythonConflicts}
def paragraph(text, begin):
    # uv draws a tree before its words
    found = re.search(begin + r"(?:.+(?:\\n|$))+", re.sub(r"(?m)^[^\\S\\n]*[\\u2500-\\u25ff]*[^\\S\\n]*", "", text))
    return " ".join(found.group(0).split()) if found else ""

before = conflicts(tool)
wanted = sys.argv[2:]
done = subprocess.run(tool + ["install"] + wanted, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
print(done.stdout)
if done.returncode:
    said = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    errors = [line for line in said if re.match("ERROR:|error:|[x\\u00d7] ", line)]
    # what goes against it stands apart
    why = paragraph(done.stdout, "Because ") or paragraph(done.stdout, "The conflict is caused by:\\n")
    refuse(((errors or said or ["it ended with code %d" % done.returncode])[0] + " " + why).strip())
new = [line for key, line in conflicts(tool).items() if key not in before]
if new:
    refuse(new[0])
`;
