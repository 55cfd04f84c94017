package postgres

// DenyCalls is denyCalls, for processes that tests make. It answers calls for System V
// shared memory as if server were the server.
func DenyCalls(talk bool, server int) (filter, memory bool, err error) {
	denial, err := denyCalls(talk)
	if denial.memory != nil {
		go func() { _ = answerMemory(denial.memory, server) }()
	}
	return denial.filter, denial.memory != nil, err
}
