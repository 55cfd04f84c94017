// Runs the real drizzle-kit over folders of testdata/drizzle/broken and writes down, in kit.txt beside
// each, what it says: check and generate of 0.x, and up of 1.0; and check of 1.0 over testdata/drizzle/folders. The schema file that generate compares
// with holds every table the folder's SQL creates, so that a sound folder has nothing to generate.
// usage: [WORK=DIR] node kit.mjs [CASE...]
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const versions = {
  old: ['drizzle-kit@0.31.11', 'drizzle-orm@0.45.4'],
  new: ['drizzle-kit@1.0.0-rc.5', 'drizzle-orm@1.0.0-rc.5'],
};
const broken = fileURLToPath(new URL('../drizzle/broken/', import.meta.url));
const folders = fileURLToPath(new URL('../drizzle/folders/', import.meta.url)); // in the layout of 1.0
const cases = [
  'duplicate-idx', 'duplicate-prefix', 'entry-without-snapshot', 'entry-without-sql', 'journal-conflict-markers',
  'middle-without-snapshot', 'near-miss-markers', 'orphan-sql', 'prefix-none', 'same-second', 'snapshot-collision',
  'snapshot-conflict-markers', 'snapshot-cycle', 'snapshot-dangling', 'snapshot-left-over', 'snapshot-old-version',
  'snapshot-same-id', 'sound', 'when-older',
];

const work = process.env.WORK ?? mkdtempSync(join(tmpdir(), 'migvet-kit-'));
try {
  for (const [name, packages] of Object.entries(versions)) install(join(work, name), packages);
  const wanted = process.argv.slice(2);
  for (const name of wanted.length ? wanted.filter((n) => n !== 'folders') : cases) record(name);
  if (!wanted.length || wanted[0] === 'folders') for (const name of readdirSync(folders)) recordFolder(name);
} finally {
  if (!process.env.WORK) rmSync(work, { recursive: true });
}

function install(dir, packages) {
  if (existsSync(join(dir, 'node_modules'))) return;
  mkdirSync(dir, { recursive: true });
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', dir, ...packages], { stdio: 'inherit' });
}

function record(name) {
  const blocks = [
    kit('old', name, 'check', ['--dialect', 'postgresql', '--out', 'drizzle']),
    kit('old', name, 'generate', ['--dialect', 'postgresql', '--out', 'drizzle', '--schema', 'schema.mjs', '--name', 'next']),
    kit('new', name, 'up', ['--dialect', 'postgresql', '--out', 'drizzle']),
  ];
  const header = `with: ${versions.old[0]}; up with ${versions.new[0]}`;
  writeFileSync(join(broken, name, 'kit.txt'), `${header}\n\n${blocks.join('\n\n')}\n`);
}

function recordFolder(name) {
  const check = kit('new', name, 'check', ['--dialect', 'postgresql', '--out', 'drizzle'], folders);
  writeFileSync(join(folders, name, 'kit.txt'), `with: ${versions.new[0]}\n\n${check}\n`);
}

/** Runs one command on a copy of the folder; tells its status, words, and what it wrote. */
function kit(version, name, command, args, from = broken) {
  const dir = mkdtempSync(join(work, 'project-'));
  cpSync(join(from, name), join(dir, 'drizzle'), { recursive: true });
  for (const file of ['expect.txt', 'kit.txt']) rmSync(join(dir, 'drizzle', file), { force: true });
  writeFileSync(join(dir, 'schema.mjs'), schema(join(dir, 'drizzle')));
  symlinkSync(join(work, version, 'node_modules'), join(dir, 'node_modules'));
  const before = files(join(dir, 'drizzle'));
  const run = spawnSync(process.execPath, [join(work, version, 'node_modules/drizzle-kit/bin.cjs'), command, ...args], { cwd: dir, encoding: 'utf8', input: '' });
  const after = files(join(dir, 'drizzle'));
  rmSync(dir, { recursive: true });
  const lines = [`${command}: exit ${run.status}`, ...words(run.stdout + run.stderr, dir)];
  for (const [file, text] of after) {
    if (!file.endsWith('.sql') || before.get(file) === text) continue;
    lines.push(`wrote: ${file}`);
    if (command === 'generate') lines.push(...text.trim().split('\n').map((l) => `  ${l}`));
  }
  return lines.join('\n');
}

function schema(folder) {
  const sql = [...files(folder)].filter(([f]) => f.endsWith('.sql')).map(([, text]) => text).join('\n');
  const tables = [...new Set([...sql.matchAll(/CREATE TABLE "(\w+)"/g)].map((m) => m[1]))];
  const table = (t) => `export const ${t} = pgTable('${t}', { id: serial('id').primaryKey(), v: text('${t === 'notes' ? 'body' : 'name'}').notNull() });`;
  return `import { pgTable, serial, text } from 'drizzle-orm/pg-core';\n${tables.map(table).join('\n')}\n`;
}

function files(dir) {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => join(e.parentPath ?? e.path, e.name).slice(dir.length + 1));
  return new Map(names.sort().map((n) => [n, readFileSync(join(dir, n), 'utf8')]));
}

/** The lines that matter: no colours, no spinner, no counts of tables, no stack. */
function words(text, dir) {
  const plain = text.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, '').replaceAll(dir + '/', '').split('\n').map((l) => l.trim());
  const dull = /^$|^\[✓\]|columns \d|^\d+ (tables|enums)|columns .* indexes|^at |^Reading|^\[[⣷⣯⣟⡿⢿⣻⣽⣾]\]|Node\.js v/u;
  return plain.filter((l) => !dull.test(l)).map((l) => `  ${l}`);
}
