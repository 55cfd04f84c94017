package rules

// momentFunctions return a timestamptz, or its local time.
var momentFunctions = wordSet("now current_timestamp transaction_timestamp statement_timestamp clock_timestamp localtimestamp")
