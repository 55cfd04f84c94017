package postgres

import "golang.org/x/sys/unix"

const (
	sharedMemory     = "/dev/shm"
	sharedMemoryNeed = 512 << 20 // containers often have 64 MiB only
)

// dataRoot is where data directories are made: in memory when there is enough.
func (o Options) dataRoot() string {
	var st unix.Statfs_t
	if err := unix.Statfs(sharedMemory, &st); err != nil || st.Type != unix.TMPFS_MAGIC {
		return o.tempRoot()
	}
	if st.Bavail*uint64(st.Bsize) < sharedMemoryNeed || unix.Access(sharedMemory, unix.W_OK) != nil {
		return o.tempRoot()
	}
	return sharedMemory
}
