-- what diesel setup writes goes here
SELECT 1;
