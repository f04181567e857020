import type { Command } from '../command/command.js';
import { runSkill, SCRIPTS } from './run-skill.js';

export const skill: Command = {
  words: [`<${Object.keys(SCRIPTS).join('|')}>`],
  options: {},
  run: ({ words: [name = '', ...argv] }, io) => runSkill(name, argv, io),
  runRaw: ([name = '', ...argv], io) => runSkill(name, argv, io),
};
