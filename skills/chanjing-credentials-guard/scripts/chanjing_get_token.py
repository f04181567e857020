#!/usr/bin/env python3
"""输出可用的 access_token / Print a usable access_token."""
from _launch import main

if __name__ == "__main__":
    main()
