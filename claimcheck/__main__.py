"""`python -m claimcheck` and the `claimcheck` command: an interrupt while modules load is an interrupt too."""

import sys


def main() -> None:
    """The command line; see `claimcheck.cli`."""
    try:
        from claimcheck.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("claimcheck: interrupted\n")
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
