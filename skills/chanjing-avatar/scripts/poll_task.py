#!/usr/bin/env python3
"""等待任务完成,输出 video_url / Wait for a task, print its video_url."""
from _launch import main

if __name__ == "__main__":
    main()
