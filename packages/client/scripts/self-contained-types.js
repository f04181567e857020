// Run by `npm pack`: replaces the declarations of src/wire.ts, which name the protocol package, by copies of the types
// they name, so that the published package needs no other. `postpack` builds the originals again.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const PROTOCOL = new URL('../../protocol/dist/', import.meta.url);
const WIRE = new URL('../dist/wire.d.ts', import.meta.url);

/**
 * Statements of a declaration file, each with its comment. The compiler begins statements and their comments in the first
 * column and nothing else there but closing brackets.
 */
const statementsOf = (text) => {
  const statements = [];
  let comment = '';
  for (const part of text.split(/^(?=\/\*\*|export |import )/m)) {
    if (part.startsWith('/**')) comment = part;
    else {
      statements.push(comment + part);
      comment = '';
    }
  }
  return statements;
};

/** Top-level types and constants of the protocol by name, without `export`. */
const declarations = new Map();

for (const file of readdirSync(PROTOCOL).filter((name) => /^(?!.*\.test\.).*\.d\.ts$/.test(name))) {
  for (const statement of statementsOf(readFileSync(new URL(file, PROTOCOL), 'utf8'))) {
    const name = /^export (?:type|declare const) (\w+)/m.exec(statement)?.[1];
    if (name) declarations.set(name, statement.trimEnd().replace(/^export (?=type|declare)/m, ''));
  }
}

const withoutComments = (text) => text.replace(/\/\*\*[\s\S]*?\*\//g, '');

const wire = readFileSync(WIRE, 'utf8');
const exported = /export type \{([^}]*)\}/
  .exec(wire)[1]
  .split(',')
  .map((name) => name.trim())
  .filter(Boolean);
const constants = [...wire.matchAll(/export type (\w+) = typeof protocol\.(\w+)/g)];

/** The named declarations and all that they mention. */
const needed = new Set();
const need = (name) => {
  const declaration = declarations.get(name);
  if (!declaration || needed.has(name)) return;
  needed.add(name);
  for (const [word] of withoutComments(declaration).matchAll(/\b[A-Z]\w*\b/g)) need(word);
};

for (const name of exported) {
  if (!declarations.has(name)) throw new Error(`The protocol has no type ${name}.`);
  need(name);
}
for (const [, , constant] of constants) need(constant);

const body = [...needed].map((name) => declarations.get(name)).join('\n');
if (/\bz\.|import\(/.test(withoutComments(body))) {
  throw new Error('A wire type needs more than the protocol declares.');
}
const aliases = constants
  .map(([, alias, constant]) => `export type ${alias} = typeof ${constant};`)
  .join('\n');
writeFileSync(WIRE, `${body}\nexport type { ${exported.join(', ')} };\n${aliases}\n`);
