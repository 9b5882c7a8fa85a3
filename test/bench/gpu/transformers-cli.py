"""`transformers` of the Python that runs this: an environment may hold the package without its command."""

import sys

from transformers.cli.transformers import main

if __name__ == "__main__":
    sys.argv[0] = "transformers"
    sys.exit(main())
