#!/usr/bin/env python3
"""保存或查看密钥 / Save or show the keys."""
from _launch import main

if __name__ == "__main__":
    main()
