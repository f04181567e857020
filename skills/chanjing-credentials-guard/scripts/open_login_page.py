#!/usr/bin/env python3
"""打开登录页 / Open the login page."""
from _launch import main

if __name__ == "__main__":
    main()
