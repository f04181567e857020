import type { Command, Option } from './command.js';
import { commands } from './commands.js';
import { EXIT } from './io.js';
import type { Locale } from './locale.js';
import { UsageError } from './usage-error.js';

type CompletedOption = { readonly name: string; readonly choices: readonly string[] };

type Completed = {
  readonly command: string;
  readonly about: string;
  readonly options: readonly CompletedOption[];
  /** What its first word may be, where that is known. */
  readonly words: readonly string[];
};

/** The alternatives of a placeholder like `<create|list>`. */
const alternatives = (placeholder = ''): string[] =>
  placeholder.includes('|') ? placeholder.replace(/[<>[\]]/g, '').split('|') : [];

/** What a shell may offer as the value of an option. */
const offered = ({ choices, allowed }: Option): readonly string[] =>
  choices ?? (allowed && 'words' in allowed ? allowed.words.filter(Boolean) : []);

const completed = (locale: Locale): Promise<Completed[]> =>
  Promise.all(
    Object.entries(commands).map(async ([command, { about, load }]) => {
      const { options, words } = await load();
      return {
        command,
        about: about[locale],
        options: Object.entries(options).map(([name, option]) => ({ name, choices: offered(option) })),
        words: alternatives(words?.[0]),
      };
    }),
  );

/** Options with known values; a name means the same in every command. */
const choicesOf = (all: readonly Completed[]): CompletedOption[] => {
  const known = all.flatMap(({ options }) => options).filter(({ choices }) => choices.length > 0);
  return [...new Map(known.map((option) => [option.name, option])).values()];
};

const dashed = ({ options }: Completed): string => options.map(({ name }) => `--${name}`).join(' ');

const bash = (all: readonly Completed[]): string => `_chanjing_avatar() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} options= words=
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${all.map(({ command }) => command).join(' ')}" -- "$word"))
    return
  fi
  case $before in
${choicesOf(all)
  .map(
    ({ name, choices }) =>
      `    --${name}) COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$word")); return ;;`,
  )
  .join('\n')}
  esac
  case \${COMP_WORDS[1]} in
${all.map((one) => `    ${one.command}) options="${dashed(one)}" words="${one.words.join(' ')}" ;;`).join('\n')}
  esac
  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ $COMP_CWORD -eq 2 && -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$word"))
  else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _chanjing_avatar chanjing-avatar`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const zsh = (all: readonly Completed[]): string => `#compdef chanjing-avatar
_chanjing_avatar() {
  if (( CURRENT == 2 )); then
    local -a commands=(${all.map(({ command, about }) => quoted(`${command}:${about.replaceAll(':', '\\:')}`)).join(' ')})
    _describe command commands
    return
  fi
  case $words[CURRENT-1] in
${choicesOf(all)
  .map(({ name, choices }) => `    --${name}) compadd -- ${choices.join(' ')}; return ;;`)
  .join('\n')}
  esac
  case $words[2] in
${all.map((one) => `    ${one.command}) compadd -- ${[...one.words, dashed(one)].join(' ')} ;;`).join('\n')}
  esac
  _files
}
compdef _chanjing_avatar chanjing-avatar`;

const fish = (all: readonly Completed[]): string =>
  all
    .flatMap(({ command, about, options, words }) => {
      const after = `complete -c chanjing-avatar -n '__fish_seen_subcommand_from ${command}'`;
      return [
        `complete -c chanjing-avatar -n __fish_use_subcommand -a ${command} -d ${quoted(about)}`,
        ...(words.length > 0 ? [`${after} -f -a '${words.join(' ')}'`] : []),
        ...options.map(({ name, choices }) =>
          choices.length > 0 ? `${after} -l ${name} -x -a '${choices.join(' ')}'` : `${after} -l ${name}`,
        ),
      ];
    })
    .join('\n');

const SHELLS: Readonly<Record<string, (all: readonly Completed[]) => string>> = { bash, zsh, fish };

export const completion: Command = {
  words: ['<bash|zsh|fish>'],
  options: {},
  run: async ({ words: [shell] }, io) => {
    const script = Object.hasOwn(SHELLS, shell!) ? SHELLS[shell!] : undefined;
    if (!script) throw new UsageError({ en: 'Expected bash, zsh or fish.', zh: '应为 bash、zsh 或 fish。' });
    io.out(script(await completed(io.locale)));
    return EXIT.ok;
  },
};
