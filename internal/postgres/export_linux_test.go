package postgres

import "context"

// DenyCalls is denyCalls, for processes that tests make. It answers calls for System V
// shared memory as if server were the server.
func DenyCalls(talk bool, server int) (filter, memory bool, err error) {
	denial, err := denyCalls(talk)
	if denial.memory != nil {
		go func() { _ = answerMemory(denial.memory, server) }()
	}
	return denial.filter, denial.memory != nil, err
}

// StartShared is Start where there are no user namespaces: other processes of
// the account may be anybody's.
func (i *Installation) StartShared(ctx context.Context) (*Server, error) {
	a, err := serverAccount()
	if err != nil {
		return nil, err
	}
	return i.startAs(ctx, StartOptions{}, a)
}

// Account is who servers of root run as, where others may run too.
func Account() (uid, gid int, err error) {
	a, err := serverAccount()
	return a.uid, a.gid, err
}

// DataRoot is where the directories of runs are.
func DataRoot() string { return Options{}.dataRoot() }
