import type { Command } from './command.js';
import { commands } from './commands.js';
import { EXIT } from './io.js';
import { UsageError } from './usage-error.js';

type Words = { readonly command: string; readonly about: string; readonly options: readonly string[] };

const wordsOf = async (locale: 'en' | 'zh'): Promise<Words[]> =>
  Promise.all(
    Object.entries(commands).map(async ([command, load]) => {
      const { options, summary } = await load();
      return { command, about: summary[locale], options: Object.keys(options).map((name) => `--${name}`) };
    }),
  );

const bash = (words: readonly Words[]): string => `_chanjing_avatar() {
  local word=\${COMP_WORDS[COMP_CWORD]}
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${words.map(({ command }) => command).join(' ')}" -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
${words.map(({ command, options }) => `    ${command}) local options="${options.join(' ')}" ;;`).join('\n')}
  esac
  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _chanjing_avatar chanjing-avatar`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const zsh = (words: readonly Words[]): string => `#compdef chanjing-avatar
_chanjing_avatar() {
  if (( CURRENT == 2 )); then
    local -a commands=(${words.map(({ command, about }) => quoted(`${command}:${about.replaceAll(':', '\\:')}`)).join(' ')})
    _describe command commands
    return
  fi
  case $words[2] in
${words.map(({ command, options }) => `    ${command}) compadd -- ${options.join(' ')} ;;`).join('\n')}
  esac
  _files
}
compdef _chanjing_avatar chanjing-avatar`;

const fish = (words: readonly Words[]): string =>
  words
    .flatMap(({ command, about, options }) => [
      `complete -c chanjing-avatar -n __fish_use_subcommand -a ${command} -d ${quoted(about)}`,
      ...options.map(
        (option) =>
          `complete -c chanjing-avatar -n '__fish_seen_subcommand_from ${command}' -l ${option.slice(2)}`,
      ),
    ])
    .join('\n');

const SHELLS: Readonly<Record<string, (words: readonly Words[]) => string>> = { bash, zsh, fish };

export const completion: Command = {
  summary: {
    en: 'Print completion for bash, zsh or fish: source <(chanjing-avatar completion bash)',
    zh: '输出 bash、zsh 或 fish 的补全: source <(chanjing-avatar completion bash)',
  },
  words: ['<shell>'],
  options: {},
  run: async ({ words: [shell] }, io) => {
    const script = SHELLS[shell!];
    if (!script) throw new UsageError({ en: 'Expected bash, zsh or fish.', zh: '应为 bash、zsh 或 fish。' });
    io.out(script(await wordsOf(io.locale)));
    return EXIT.ok;
  },
};
