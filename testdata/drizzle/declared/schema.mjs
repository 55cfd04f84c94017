import { sql } from 'drizzle-orm';
import {
  bigint, bigserial, boolean, char, check, date, doublePrecision, foreignKey, index, inet, integer, interval, json, jsonb, numeric, pgEnum, pgMaterializedView,
  pgPolicy, pgRole, pgSchema, pgSequence, pgTable, pgView, point, primaryKey, real, serial, smallint, text, time, timestamp, unique, uniqueIndex, uuid, varchar, customType,
} from 'drizzle-orm/pg-core';

const tsvector = customType({ dataType: () => 'tsvector' });

export const status = pgEnum('status', ['draft', 'in review', "it's done"]);
export const billing = pgSchema('billing');
export const plan = billing.enum('plan', ['free', 'team']);
export const reader = pgRole('reader_of_full');
export const ticketNumbers = pgSequence('ticket_numbers', { startWith: 100, increment: 5, minValue: 10, maxValue: 100000, cache: 3, cycle: true });
export const invoiceNumbers = billing.sequence('invoice_numbers');

export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  email: varchar('email', { length: 255 }).notNull().unique(),
  name: text('name').notNull().default('no name; "quoted" \'it\'\'s\''),
  lower: text('lower').generatedAlwaysAs(sql`lower(name)`),
  code: char('code', { length: 3 }),
  settings: jsonb('settings').notNull().default({ theme: 'dark', tags: ['a "b"'] }),
  raw: json('raw').default([]),
  tags: text('tags').array().notNull().default(sql`'{}'::text[]`),
  grid: integer('grid').array().array(),
  state: status('state').notNull().default('draft'),
  states: status('states').array(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  plain: timestamp('plain').default(sql`now() + interval '1 day'`),
  day: date('day').defaultNow(),
  at: time('at', { precision: 2, withTimezone: true }),
  span: interval('span', { fields: 'day to second', precision: 3 }),
  uid: uuid('uid').defaultRandom(),
  weight: doublePrecision('weight').default(1.5),
  ratio: real('ratio'),
  small: smallint('small').default(-1),
  ok: boolean('ok').notNull().default(true),
  ip: inet('ip'),
  place: point('place'),
  search: tsvector('search'),
}, (t) => [
  index('users_name_idx').on(t.name.desc().nullsLast(), t.email.asc().nullsFirst()),
  index('users_lower_idx').on(sql`lower(${t.email})`).where(sql`${t.ok} is true`),
  index('users_settings_idx').using('gin', t.settings.op('jsonb_path_ops')),
  index('users_pattern_idx').on(t.email.op('text_pattern_ops')),
  uniqueIndex('users_state_idx').on(t.state, t.code).with({ fillfactor: '70' }),
  index('users_search_idx').using('gin', t.search),
  index('users_conc_idx').on(t.code.desc()).concurrently(),
  check('users_weight_check', sql`${t.weight} > 0 and ${t.name} <> ''`),
  unique('users_code_key').on(t.code, t.small).nullsNotDistinct(),
]);

export const accounts = billing.table('accounts', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity({ startWith: 1000, increment: 2, name: 'accounts_numbers' }),
  owner: integer('owner').notNull().references(() => users.id, { onDelete: 'cascade', onUpdate: 'restrict' }),
  plan: plan('plan').default('free').notNull(),
  amount: numeric('amount', { precision: 12, scale: 2 }).default('0.00'),
  n: bigserial('n', { mode: 'number' }),
});

export const lines = billing.table('lines', {
  account: bigint('account', { mode: 'number' }).notNull(),
  position: integer('position').notNull().generatedByDefaultAsIdentity(),
  parent: bigint('parent', { mode: 'number' }),
  parentPosition: integer('parent_position'),
  note: varchar('note'),
}, (t) => [
  primaryKey({ columns: [t.account, t.position] }),
  foreignKey({ columns: [t.account], foreignColumns: [accounts.id], name: 'lines_of_account' }).onDelete('set null'),
  foreignKey({ columns: [t.parent, t.parentPosition], foreignColumns: [t.account, t.position] }),
]);

export const secrets = pgTable('secrets', {
  id: uuid('id').primaryKey().defaultRandom(),
  owner: integer('owner').references(() => users.id),
}, (t) => [
  pgPolicy('secrets_read', { as: 'permissive', for: 'select', to: reader, using: sql`owner = 1` }),
  pgPolicy('secrets_write', { as: 'restrictive', for: 'insert', to: 'public', withCheck: sql`owner is not null` }),
  pgPolicy('secrets_mine', { to: ['current_user', reader], using: sql`true`, withCheck: sql`owner > 0` }),
]);
export const locked = pgTable('locked', { id: integer('id') }).enableRLS();

export const names = pgView('names').as((qb) => qb.select({ id: users.id, name: users.name }).from(users));
export const checkedNames = pgView('checked_names').with({ checkOption: 'cascaded', securityInvoker: true }).as((qb) => qb.select({ id: users.id, email: users.email }).from(users));
export const totals = billing.materializedView('totals').as((qb) => qb.select({ owner: accounts.owner, n: sql`count(*)`.as('n') }).from(accounts).groupBy(accounts.owner));
export const empty = pgMaterializedView('empty', { id: integer('id') }).withNoData().with({ fillfactor: 80 }).as(sql`select 1 as id`);
export const theirs = pgView('theirs', { id: integer('id') }).existing();
