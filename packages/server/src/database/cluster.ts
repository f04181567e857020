import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Launcher } from './unprivileged.js';

const run = promisify(execFile);

/** Who the server is in its database: owner of its tables, no superuser, which could run programs. */
export const ROLE = 'avatar';
export const DATABASE = 'postgres';

/** Nobody but the server's role is let in, and it only with its password. */
const ACCESS_RULES = `# Written by chanjing-avatar.\nlocal all ${ROLE} scram-sha-256\n`;

export const environment = (): NodeJS.ProcessEnv => ({ ...process.env, LC_ALL: 'C', TZ: 'UTC' });

const passwordFile = (dataDir: string): string => path.join(dataDir, 'postgres.password');

/** The password of the server's role. Throws the system's error where there is none or it may not be read. */
export const rolePassword = (dataDir: string): string => readFileSync(passwordFile(dataDir), 'utf8').trim();

/** Whole or not at all, on disk, for us alone. */
const writeWhole = async (file: string, text: string, owner: Launcher['owner']): Promise<void> => {
  const part = `${file}.part`;
  await rm(part, { force: true });
  const handle = await open(part, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    if (owner) await handle.chown(owner.uid, owner.gid);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, file);
};

const ownPassword = async (dataDir: string): Promise<string> => {
  if (!existsSync(passwordFile(dataDir))) {
    await writeWhole(passwordFile(dataDir), randomBytes(32).toString('hex'), undefined);
  }
  return rolePassword(dataDir);
};

/** What earlier versions made as superuser goes to the server's role. Each statement ends with an empty line. */
const handOver = (password: string): string => `
do $do$
declare one record;
begin
  if not exists (select from pg_roles where rolname = '${ROLE}') then create role ${ROLE}; end if;
  for one in select rolname from pg_roles where rolsuper loop
    execute format('alter role %I password null', one.rolname);
  end loop;
  for one in select nspname from pg_namespace where nspname = 'pgboss' loop
    execute format('alter schema %I owner to ${ROLE}', one.nspname);
  end loop;
  for one in select nspname, relname from pg_class join pg_namespace n on n.oid = relnamespace
    where nspname in ('public', 'pgboss') and relkind in ('r', 'p', 'v', 'm') loop
    execute format('alter table %I.%I owner to ${ROLE}', one.nspname, one.relname);
  end loop;
  for one in select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = pronamespace
    where nspname in ('public', 'pgboss') loop
    execute 'alter routine ' || one.name || ' owner to ${ROLE}';
  end loop;
  for one in select nspname, typname from pg_type join pg_namespace n on n.oid = typnamespace
    where nspname in ('public', 'pgboss') and typtype in ('e', 'd') loop
    execute format('alter type %I.%I owner to ${ROLE}', one.nspname, one.typname);
  end loop;
end $do$;

alter role ${ROLE} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password '${password}';

grant pg_read_all_settings to ${ROLE};

alter database ${DATABASE} owner to ${ROLE};

`;

type Place = { readonly dataDir: string; readonly data: string; readonly binaries: string };

/** True when nobody but the server's role is let in, and its password is known. */
const isHandedOver = ({ dataDir, data }: Place): boolean =>
  existsSync(passwordFile(dataDir)) && readFileSync(path.join(data, 'pg_hba.conf'), 'utf8') === ACCESS_RULES;

/** Gives the database to the server's role. May be repeated; PostgreSQL must not run. */
const secure = async (place: Place, launcher: Launcher): Promise<void> => {
  const password = await ownPassword(place.dataDir);
  const options = ['--single', '-j', '-D', place.data, DATABASE];
  // Standard input, not an argument: those can be seen by everybody.
  const work = run(...launcher.command(path.join(place.binaries, 'postgres'), options), {
    ...launcher.owner,
    cwd: path.dirname(place.data),
    env: environment(),
  });
  work.child.stdin!.end(handOver(password));
  await work;
  await writeWhole(path.join(place.data, 'pg_hba.conf'), ACCESS_RULES, launcher.owner);
};

/**
 * Makes the files of the database, or closes those of an earlier version to everybody but the server. Made in a
 * temporary directory and renamed, so that a kill in the middle leaves nothing half-made.
 *
 * @param stopRunning ends a PostgreSQL that survived its server, before its files are changed
 */
export const prepareCluster = async (
  place: Place,
  launcher: Launcher,
  stopRunning: () => Promise<void>,
): Promise<void> => {
  const { data, binaries } = place;
  if (existsSync(path.join(data, 'PG_VERSION'))) {
    if (isHandedOver(place)) return;
    await stopRunning();
    return secure(place, launcher);
  }
  const fresh = `${data}.init`;
  await rm(fresh, { recursive: true, force: true });
  const format = ['-E', 'UTF8', '--locale=C.UTF-8', '--data-checksums'];
  const options = ['-D', fresh, '-U', 'postgres', '--auth=reject', ...format];
  await run(...launcher.command(path.join(binaries, 'initdb'), options), {
    ...launcher.owner,
    cwd: path.dirname(data),
    env: environment(),
  });
  await secure({ ...place, data: fresh }, launcher);
  await rename(fresh, data);
};
