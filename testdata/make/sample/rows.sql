-- One row a table, for the base branch of the sample.
INSERT INTO organizations (id, name, slug) VALUES ('0b5c8a52-6f0e-4b8c-9d43-0d6f2a1c7e11', 'Harbor Tools', 'harbor-tools');
INSERT INTO users (id, email, name) VALUES ('5e0f6f0a-9a37-4c52-8f0c-6b1f3d2e9a22', 'kim@harbor.example', 'Kim Duarte');
INSERT INTO members (organization_id, user_id, role) SELECT o.id, u.id, 'owner' FROM organizations o, users u;
INSERT INTO projects (organization_id, key, title) SELECT id, 'WEB', 'Website' FROM organizations;
INSERT INTO tasks (project_id, number, title) SELECT id, 1, 'Renew the certificate' FROM projects;
INSERT INTO comments (task_id, author_id, body) SELECT t.id, u.id, 'It ends on Friday.' FROM tasks t, users u;
INSERT INTO conversations (organization_id, task_id, title, requester_email) SELECT o.id, t.id, 'Browser warns about your site', 'lee@customer.example' FROM organizations o, tasks t;
INSERT INTO messages (conversation_id, body) SELECT id, 'Is it safe to log in?' FROM conversations;
INSERT INTO tags (organization_id, name) SELECT id, 'urgent' FROM organizations;
INSERT INTO task_tags (task_id, tag_id) SELECT t.id, g.id FROM tasks t, tags g;
INSERT INTO attachments (message_id, file_name, size_bytes) SELECT id, 'warning.png', 48213 FROM messages;
INSERT INTO api_keys (organization_id, label, secret_hash) SELECT id, 'CI', 'f1d2d2f924e986ac86fdf7b36c94bcdf' FROM organizations;
