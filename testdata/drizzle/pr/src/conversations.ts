import { and, desc, eq, isNull } from 'drizzle-orm';
import { db } from './db/client.js';
import { conversations, messages } from './db/schema.js';

export function openConversations(organizationId: string) {
  return db
    .select({ id: conversations.id, from: conversations.requesterEmail, channel: conversations.channel })
    .from(conversations)
    .where(and(eq(conversations.organizationId, organizationId), isNull(conversations.closedAt)))
    .orderBy(desc(conversations.createdAt));
}

export async function startConversation(organizationId: string, requesterEmail: string, body: string) {
  return db.transaction(async (tx) => {
    const [conversation] = await tx.insert(conversations).values({ organizationId, requesterEmail }).returning();
    await tx.insert(messages).values({ conversationId: conversation.id, body });
    return conversation;
  });
}
