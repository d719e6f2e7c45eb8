"""``python -m purposelint``."""

from purposelint.cli import main

if __name__ == "__main__":
    main()
