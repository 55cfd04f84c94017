import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

// Runs before the server starts, on one connection of its own.
const client = postgres(process.env.DATABASE_URL ?? '', { max: 1 });
await migrate(drizzle(client), { migrationsFolder: './drizzle' });
await client.end();
