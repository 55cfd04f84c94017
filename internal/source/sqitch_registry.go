package source

import "github.com/migvet/migvet/internal/quote"

// sqitchRegistry makes the tables in which Sqitch keeps what it deployed. Only
// projects and changes get rows.
// https://github.com/sqitchers/sqitch/blob/develop/lib/App/Sqitch/Engine/pg.sql
func sqitchRegistry(schema quote.SQL, project string) quote.SQL {
	const by = `
	committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	committer_name text NOT NULL,
	committer_email text NOT NULL,
	planned_at timestamptz NOT NULL,
	planner_name text NOT NULL,
	planner_email text NOT NULL,`
	return `CREATE SCHEMA ` + schema + `;
CREATE TABLE ` + schema + `.releases (
	version real PRIMARY KEY,
	installed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	installer_name text NOT NULL,
	installer_email text NOT NULL
);
CREATE TABLE ` + schema + `.projects (
	project text PRIMARY KEY,
	uri text UNIQUE,
	created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	creator_name text NOT NULL,
	creator_email text NOT NULL
);
CREATE TABLE ` + schema + `.changes (
	change_id text PRIMARY KEY,
	script_hash text,
	change text NOT NULL,
	project text NOT NULL REFERENCES ` + schema + `.projects ON UPDATE CASCADE,
	note text NOT NULL DEFAULT '',` + by + `
	UNIQUE (project, script_hash)
);
CREATE TABLE ` + schema + `.tags (
	tag_id text PRIMARY KEY,
	tag text NOT NULL,
	project text NOT NULL REFERENCES ` + schema + `.projects ON UPDATE CASCADE,
	change_id text NOT NULL REFERENCES ` + schema + `.changes ON UPDATE CASCADE,
	note text NOT NULL DEFAULT '',` + by + `
	UNIQUE (project, tag)
);
CREATE TABLE ` + schema + `.dependencies (
	change_id text NOT NULL REFERENCES ` + schema + `.changes ON UPDATE CASCADE ON DELETE CASCADE,
	type text NOT NULL,
	dependency text NOT NULL,
	dependency_id text REFERENCES ` + schema + `.changes ON UPDATE CASCADE,
	PRIMARY KEY (change_id, dependency),
	CONSTRAINT dependencies_check CHECK (CASE type WHEN 'require' THEN dependency_id IS NOT NULL WHEN 'conflict' THEN dependency_id IS NULL ELSE false END)
);
CREATE TABLE ` + schema + `.events (
	event text NOT NULL CONSTRAINT events_event_check CHECK (event IN ('deploy', 'revert', 'fail', 'merge')),
	change_id text NOT NULL,
	change text NOT NULL,
	project text NOT NULL REFERENCES ` + schema + `.projects ON UPDATE CASCADE,
	note text NOT NULL DEFAULT '',
	requires text[] NOT NULL DEFAULT '{}',
	conflicts text[] NOT NULL DEFAULT '{}',
	tags text[] NOT NULL DEFAULT '{}',` + by + `
	PRIMARY KEY (change_id, committed_at)
);
INSERT INTO ` + schema + `.projects (project, creator_name, creator_email) VALUES (` + quote.Text(project) + `, 'migvet', 'migvet@localhost')`
}
