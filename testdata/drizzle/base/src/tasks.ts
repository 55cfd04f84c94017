import { asc, eq, max } from 'drizzle-orm';
import { db } from './db/client.js';
import { projects, tasks } from './db/schema.js';

export function tasksOf(projectId: string) {
  return db
    .select({ number: tasks.number, title: tasks.title, status: tasks.status })
    .from(tasks)
    .where(eq(tasks.projectId, projectId))
    .orderBy(asc(tasks.priority), asc(tasks.number));
}

export async function addTask(projectId: string, title: string) {
  return db.transaction(async (tx) => {
    const [last] = await tx.select({ number: max(tasks.number) }).from(tasks).where(eq(tasks.projectId, projectId));
    return tx
      .insert(tasks)
      .values({ projectId, title, number: (last?.number ?? 0) + 1 })
      .returning();
  });
}

export function removeProject(projectId: string) {
  return db.delete(projects).where(eq(projects.id, projectId));
}
