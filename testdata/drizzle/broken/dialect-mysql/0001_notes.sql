CREATE TABLE `notes` (
	`id` serial AUTO_INCREMENT NOT NULL,
	`body` text NOT NULL,
	CONSTRAINT `notes_id` PRIMARY KEY(`id`)
);
