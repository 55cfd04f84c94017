// Runs all pending migrations of a folder with a tool's own code, and prints the
// error if there is one.
//   node engine.mjs TOOL FOLDER URL
const [tool, dir, url] = process.argv.slice(2);

const tools = {
  async "drizzle-1"() {
    const { drizzle } = await import("drizzle-orm/node-postgres");
    const { migrate } = await import("drizzle-orm/node-postgres/migrator");
    const { default: pg } = await import("pg");
    const pool = new pg.Pool({ connectionString: url });
    try {
      await migrate(drizzle({ client: pool }), { migrationsFolder: dir });
    } finally {
      await pool.end();
    }
  },
  async "node-pg-migrate"() {
    const { runner } = await import("node-pg-migrate");
    const log = () => {};
    // As its command line does without flags.
    await runner({ databaseUrl: url, dir, direction: "up", migrationsTable: "pgmigrations", singleTransaction: true, checkOrder: true, logger: { debug: log, info: log, warn: log, error: log } });
  },
  async "graphile-migrate"() {
    const { migrate } = await import("graphile-migrate");
    const { Logger } = await import("@graphile/logger");
    await migrate({ connectionString: url, migrationsFolder: dir, logger: new Logger(() => () => {}) });
  },
  // The code of its README.
  async postgrator() {
    const { default: Postgrator } = await import("postgrator");
    const { default: pg } = await import("pg");
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await new Postgrator({ migrationPattern: `${dir}/*`, driver: "pg", execQuery: (query) => client.query(query) }).migrate();
    } finally {
      await client.end();
    }
  },
  async "postgres-migrations"() {
    const { migrate } = await import("postgres-migrations");
    const { default: pg } = await import("pg");
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await migrate({ client }, dir);
    } finally {
      await client.end();
    }
  },
};

try {
  await tools[tool]();
} catch (err) {
  console.log(err.message);
}
