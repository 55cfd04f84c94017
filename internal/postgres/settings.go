package postgres

// serverSettings are for a server that lives for seconds and whose data nobody will
// miss: nothing is made durable, nothing runs in the background, and the log
// is in English whatever the machine speaks.
func serverSettings(major int) []string {
	list := []string{
		"listen_addresses=",
		"unix_socket_permissions=0700",
		"fsync=off",
		"synchronous_commit=off",
		"full_page_writes=off",
		"wal_level=minimal",
		"max_wal_senders=0",
		"shared_buffers=16MB",
		"max_connections=20",
		"superuser_reserved_connections=2",
		// A tool that runs a whole history in one transaction locks every
		// relation of it.
		"max_locks_per_transaction=1024",
		// Segments then lie in the data directory: a kill leaves none in
		// /dev/shm.
		"dynamic_shared_memory_type=mmap",
		"autovacuum=off",
		"max_worker_processes=0",
		"max_parallel_workers=0",
		"max_logical_replication_workers=0",
		"jit=off",
		"checkpoint_timeout=1d",
		"max_wal_size=4GB",
		"bgwriter_lru_maxpages=0",
		"track_counts=on",     // the trial's evidence of scans
		"track_functions=all", // and of what code ran
		"max_prepared_transactions=0",
		"temp_file_limit=1GB",
		"log_min_messages=fatal",
		"logging_collector=off",
		"lc_messages=C",
		"timezone=UTC",
		"idle_in_transaction_session_timeout=0",
	}
	if major >= 18 {
		list = append(list, "io_method=sync", "autovacuum_worker_slots=1")
	}
	return list
}

func serverArgs(major int, dataDir, socketDir string) []string {
	args := []string{"-D", dataDir, "-k", socketDir}
	for _, s := range serverSettings(major) {
		args = append(args, "-c", s)
	}
	return args
}
