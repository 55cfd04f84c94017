// Prisma's own command with its own engine, as far as npm has it: that engine
// is made of the same code as the program that Prisma downloads, and talks to the
// database through a driver of JavaScript. The driver cuts a file at every
// semicolon; the program sends it as one message
// (prisma-engines, apply_migration_script), and so does the adapter here.
import { PrismaPg } from "@prisma/adapter-pg";

class OneMessage extends PrismaPg {
  async connect() {
    const connection = await super.connect();
    connection.executeScript = async (script) => {
      await connection.underlyingDriver().query(script).catch((err) => connection.onError(err));
    };
    return connection;
  }
}

export default {
  experimental: { adapter: true },
  engine: "js",
  adapter: async () => new OneMessage({ connectionString: process.env.DATABASE_URL }),
};
