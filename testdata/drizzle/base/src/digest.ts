import { client } from './db/client.js';

export interface DigestLine {
  id: string;
  title: string;
  messages: number;
}

/** What the mail of Monday morning lists: the busiest conversations of the last seven days. */
export function weeklyDigest(organizationId: string): Promise<DigestLine[]> {
  return client<DigestLine[]>`
    SELECT c.id, c.title, count(m.id)::int AS messages
    FROM conversations c
    JOIN messages m ON m.conversation_id = c.id
    WHERE c.organization_id = ${organizationId}
      AND m.sent_at > now() - interval '7 days'
    GROUP BY c.id, c.title
    ORDER BY messages DESC
    LIMIT 10`;
}
