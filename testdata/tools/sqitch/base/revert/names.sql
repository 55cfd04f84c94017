DROP FUNCTION name_of(users);
