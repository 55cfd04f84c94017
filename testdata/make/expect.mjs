// Runs the real Drizzle 0.x migrator and writes down what it did: expect.txt beside every
// folder of testdata/drizzle/broken, and testdata/drizzle/expect.txt for the sample project.
// usage: PGHOST=SOCKET_DIR PGUSER=SUPERUSER node expect.mjs [CASE...]
// The server must be PostgreSQL 15; databases named migvet_expect_* come and go there.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = ['drizzle-orm@0.45.4', 'postgres@3.4.9'];
const testdata = fileURLToPath(new URL('../drizzle/', import.meta.url));
const rowsSQL = fileURLToPath(new URL('sample/rows.sql', import.meta.url));

// How many entries of the journal production has already run, one run each; 0 is an empty database.
const deployed = {
  'duplicate-tag': [2, 0],
  'enum-add-then-use': [2, 1, 0],
  'journal-order': [2, 0],
  'when-equal': [2, 0],
  'when-older': [2, 0],
  'when-out-of-order': [2, 1, 0],
};

const work = mkdtempSync(join(tmpdir(), 'migvet-expect-'));
try {
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', work, ...packages], { stdio: 'inherit' });
  const require = createRequire(join(work, 'package.json'));
  await main({
    postgres: require('postgres'),
    drizzle: require('drizzle-orm/postgres-js').drizzle,
    migrate: require('drizzle-orm/postgres-js/migrator').migrate,
  });
} finally {
  rmSync(work, { recursive: true });
}

async function main(tools) {
  const admin = tools.postgres({ max: 1, database: 'postgres' });
  const header = await versions(admin);
  const only = process.argv.slice(2);
  for (const name of readdirSync(join(testdata, 'broken')).sort()) {
    if (only.length && !only.includes(name)) continue;
    const folder = join(testdata, 'broken', name);
    const blocks = [];
    for (const count of deployed[name] ?? [0]) blocks.push(await brokenCase(tools, admin, folder, count));
    writeFileSync(join(folder, 'expect.txt'), `${header}\n\n${blocks.join('\n\n')}\n`);
  }
  if (!only.length) writeFileSync(join(testdata, 'expect.txt'), `${header}\n\n${(await sample(tools, admin)).join('\n\n')}\n`);
  await admin.end();
}

async function versions(admin) {
  const [{ server_version_num: n }] = await admin`show server_version_num`;
  if (Math.floor(n / 10000) !== 15) throw new Error(`PostgreSQL 15 is needed, this is ${n}`);
  return `with: PostgreSQL 15, ${packages.join(', ')}`;
}

function brokenCase(tools, admin, folder, count) {
  return inDatabase(tools, admin, async (db) => {
    const tags = entries(folder).slice(0, count).map((e) => e.tag);
    for (let n = 1; n <= count; n++) await run(tools, db, firstEntries(folder, n));
    return [`deployed: ${list(tags)}`, await observe(tools, db, folder)].join('\n');
  });
}

function sample(tools, admin) {
  const base = join(testdata, 'base', 'drizzle');
  const head = join(work, 'head');
  cpSync(base, head, { recursive: true });
  cpSync(join(testdata, 'pr', 'drizzle'), head, { recursive: true });
  const runs = [
    ['base on an empty database', (db) => observe(tools, db, base)],
    ['base, then the pull request, no rows', async (db) => {
      await run(tools, db, base);
      return observe(tools, db, head);
    }],
    ['base, then rows, then the pull request', async (db) => {
      await run(tools, db, base);
      await db.sql.unsafe(readFileSync(rowsSQL, 'utf8'));
      return observe(tools, db, head);
    }],
    ['the pull request on an empty database', (db) => observe(tools, db, head)],
  ];
  return runs.reduce(
    async (done, [title, steps]) => [...(await done), `case: ${title}\n${await inDatabase(tools, admin, sized(steps))}`],
    Promise.resolve([]),
  );
}

/** Adds the type of the column whose CREATE TABLE the pull request edits. */
function sized(steps) {
  return async (db) => {
    const text = await steps(db);
    const [{ type }] = await db.sql`select format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = 'attachments'::regclass and attname = 'size_bytes'`;
    return `${text}\nattachments.size_bytes: ${type}`;
  };
}

async function inDatabase(tools, admin, use) {
  const name = `migvet_expect_${process.pid}`;
  await admin.unsafe(`create database ${name}`);
  const notices = [];
  const options = { max: 1, database: name, onnotice: (n) => n.severity !== 'NOTICE' && notices.push(`${n.severity}: ${n.message}`) };
  const sql = tools.postgres(options);
  try {
    return await use({ sql, notices });
  } finally {
    await sql.end();
    await admin.unsafe(`drop database ${name}`);
  }
}

/** The same folder as it was when its journal had only n entries. */
function firstEntries(folder, n) {
  const copy = mkdtempSync(join(work, 'deployed-'));
  cpSync(folder, copy, { recursive: true });
  const path = join(copy, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, n) }));
  return copy;
}

/** Runs the migrator inside folder, as a server does at its start; returns what it threw. */
async function run(tools, db, folder) {
  process.chdir(folder);
  try {
    await tools.migrate(tools.drizzle(db.sql), { migrationsFolder: '.' });
  } catch (err) {
    return err;
  }
}

async function observe(tools, db, folder) {
  const before = await history(db.sql);
  const err = await run(tools, db, folder);
  const after = await history(db.sql);
  const { ran, changed, notRun } = compare(entries(folder), before, after.slice(before.length));
  return [
    `result: ${err ? 'error' : 'ok'}`,
    ...(err ? [`error: ${reason(err)}`] : []),
    ...db.notices.map((n) => `notice: ${n}`),
    `ran: ${list(ran)}`,
    `not run: ${list(notRun)}`,
    ...(changed.length ? [`changed since it ran: ${list(changed)}`] : []),
    'relations:',
    ...(await relations(db.sql)).map((r) => `  ${r}`),
    'history:',
    ...after.map((row) => `  ${row.created_at} ${row.hash}`),
  ].join('\n');
}

/** Tells what became of every entry that the history did not have before, byte for byte. */
function compare(journal, before, added) {
  const take = (rows, same) => {
    const i = rows.findIndex(same);
    return i >= 0 && rows.splice(i, 1).length > 0;
  };
  const exact = (e) => (row) => Number(row.created_at) === e.when && row.hash === e.hash;
  const fate = { ran: [], changed: [], notRun: [] };
  const old = [...before];
  const fresh = [...added];
  for (const e of journal.filter((e) => !take(old, exact(e)))) {
    if (take(fresh, exact(e))) fate.ran.push(e.tag);
    else if (take(old, (row) => Number(row.created_at) === e.when)) fate.changed.push(e.tag);
    else fate.notRun.push(e.tag);
  }
  return fate;
}

function entries(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')).entries.map((e) => ({ ...e, hash: hash(folder, e.tag) }));
  } catch {
    return [];
  }
}

function hash(folder, tag) {
  const path = join(folder, `${tag}.sql`);
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
}

async function history(sql) {
  const [{ found }] = await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as found`;
  return found ? sql`select created_at, hash from drizzle.__drizzle_migrations order by id` : [];
}

async function relations(sql) {
  const found = await sql`
    select c.relname, c.relkind, i.indisvalid from pg_class c left join pg_index i on i.indexrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'i')
      and not exists (select from pg_constraint k where k.conindid = c.oid)
    order by c.relname collate "C"`;
  return Promise.all(found.map(async (r) => (r.relkind === 'r' ? `${r.relname} (${await rows(sql, r.relname)} rows)` : `${r.relname}${r.indisvalid ? '' : ' (invalid)'}`)));
}

async function rows(sql, table) {
  const [{ n }] = await sql`select count(*) as n from public.${sql(table)}`;
  return n;
}

function reason(err) {
  const cause = err.cause ?? err;
  if (cause instanceof SyntaxError) return `SyntaxError ${cause.message.replace(/\s+/g, ' ')}`;
  return [cause.severity && cause.code, cause.message.split('\n')[0]].filter(Boolean).join(' ');
}

function list(items) {
  return items.length ? items.join(', ') : 'none';
}
