#!/usr/bin/env node
// In the repository before anything is built: npm links only commands whose file exists when it installs.
import '../dist/main.js';
