#!/usr/bin/env python3
"""创建对口型任务,输出任务 id / Start a lip-sync task, print its id."""
from _launch import main

if __name__ == "__main__":
    main()
