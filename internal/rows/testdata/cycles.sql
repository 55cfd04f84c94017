-- except benign nulls: nodes.parent
-- except adversarial nulls: full_mixed.node
CREATE TABLE employees (id int PRIMARY KEY, manager_id int REFERENCES employees, department_id int NOT NULL, CHECK (manager_id <> id));
CREATE TABLE departments (id int PRIMARY KEY, head_id int NOT NULL REFERENCES employees);
ALTER TABLE employees ADD FOREIGN KEY (department_id) REFERENCES departments DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (id) REFERENCES b DEFERRABLE;
CREATE TABLE nodes (tree int NOT NULL, id int NOT NULL, parent int, PRIMARY KEY (tree, id), FOREIGN KEY (tree, parent) REFERENCES nodes);
CREATE TABLE full_match (id int PRIMARY KEY, tree int, node int, FOREIGN KEY (tree, node) REFERENCES nodes MATCH FULL);
CREATE TABLE full_mixed (id int PRIMARY KEY, tree int NOT NULL, node int, FOREIGN KEY (tree, node) REFERENCES nodes MATCH FULL);
CREATE TABLE ladder (id int PRIMARY KEY REFERENCES ladder);
