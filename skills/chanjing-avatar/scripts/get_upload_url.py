#!/usr/bin/env python3
"""获取上传链接,输出一行 JSON / Print an upload URL as one line of JSON."""
from _launch import main

if __name__ == "__main__":
    main()
