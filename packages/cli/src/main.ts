#!/usr/bin/env node
import { commands } from './cloud/commands.js';
import { processIo } from './cloud/io.js';
import { runCommand } from './cloud/run-command.js';

const [name = '', ...argv] = process.argv.slice(2);
const io = processIo();

if (name === 'skill') {
  const { runSkill } = await import('./skill/run-skill.js');
  process.exitCode = await runSkill(argv[0] ?? '', argv.slice(1), io);
} else if (Object.hasOwn(commands, name)) {
  process.exitCode = await runCommand(name, argv, io);
} else {
  io.note({
    en: `Commands: ${Object.keys(commands).join(', ')}`,
    zh: `命令: ${Object.keys(commands).join('、')}`,
  });
  process.exitCode = 2;
}
