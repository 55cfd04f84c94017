import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema.js';

export const client = postgres(process.env.DATABASE_URL ?? '', { max: 10 });
export const db = drizzle(client, { schema });
