CREATE TABLE `accounts` (
	`id` serial AUTO_INCREMENT NOT NULL,
	`name` varchar(255) NOT NULL,
	CONSTRAINT `accounts_id` PRIMARY KEY(`id`)
);
