// Gives the newest migration of a drizzle-kit 0.x folder a fixed timestamp and a
// snapshot id made from its tag, so that the same steps give the same bytes.
// usage: node settle.mjs FOLDER TAG WHEN
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [folder, tag, when] = process.argv.slice(2);

const journalPath = `${folder}/meta/_journal.json`;
const journal = JSON.parse(readFileSync(journalPath, 'utf8'));
const last = journal.entries.at(-1);
if (last.tag !== tag) throw new Error(`drizzle-kit made ${last.tag}, not ${tag}`);
last.when = Date.parse(when);
writeFileSync(journalPath, JSON.stringify(journal, null, 2));

const snapshotPath = `${folder}/meta/${tag.split('_')[0]}_snapshot.json`;
const snapshot = readFileSync(snapshotPath, 'utf8');
writeFileSync(snapshotPath, snapshot.replace(JSON.parse(snapshot).id, uuid(tag)));

function uuid(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
