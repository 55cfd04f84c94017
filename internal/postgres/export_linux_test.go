package postgres

// DenyCalls is denyCalls, for processes that tests make.
var DenyCalls = denyCalls
