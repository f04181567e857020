#!/usr/bin/env python3
"""上传文件并等待就绪,输出 file_id / Upload a file, wait until it is ready, print its file_id."""
from _launch import main

if __name__ == "__main__":
    main()
