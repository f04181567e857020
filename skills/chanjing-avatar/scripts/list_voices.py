#!/usr/bin/env python3
"""列出声音 / List the voices."""
from _launch import main

if __name__ == "__main__":
    main()
