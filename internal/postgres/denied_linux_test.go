package postgres_test

import "golang.org/x/sys/unix"

// deniedCalls are called with -1 for all arguments, which makes them fail in any case:
// only the filter says that they are not permitted. vhangup, which has none, is
// not called.
var deniedCalls = map[string]uintptr{
	"acct": unix.SYS_ACCT, "add_key": unix.SYS_ADD_KEY, "adjtimex": unix.SYS_ADJTIMEX, "bpf": unix.SYS_BPF, "capget": unix.SYS_CAPGET,
	"capset": unix.SYS_CAPSET, "chroot": unix.SYS_CHROOT, "clock_adjtime": unix.SYS_CLOCK_ADJTIME, "clock_settime": unix.SYS_CLOCK_SETTIME,
	"delete_module": unix.SYS_DELETE_MODULE, "fanotify_init": unix.SYS_FANOTIFY_INIT, "fanotify_mark": unix.SYS_FANOTIFY_MARK,
	"fchmod": unix.SYS_FCHMOD, "fchmodat2": unix.SYS_FCHMODAT2, "fchown": unix.SYS_FCHOWN, "fchownat": unix.SYS_FCHOWNAT,
	"fgetxattr": unix.SYS_FGETXATTR, "file_getattr": unix.SYS_FILE_GETATTR, "file_setattr": unix.SYS_FILE_SETATTR,
	"finit_module": unix.SYS_FINIT_MODULE, "flistxattr": unix.SYS_FLISTXATTR, "fremovexattr": unix.SYS_FREMOVEXATTR, "fsconfig": unix.SYS_FSCONFIG,
	"fsetxattr": unix.SYS_FSETXATTR, "fsmount": unix.SYS_FSMOUNT, "fsopen": unix.SYS_FSOPEN, "fspick": unix.SYS_FSPICK,
	"getpriority": unix.SYS_GETPRIORITY, "getxattr": unix.SYS_GETXATTR, "getxattrat": unix.SYS_GETXATTRAT, "get_robust_list": unix.SYS_GET_ROBUST_LIST,
	"init_module": unix.SYS_INIT_MODULE, "inotify_add_watch": unix.SYS_INOTIFY_ADD_WATCH, "inotify_init1": unix.SYS_INOTIFY_INIT1,
	"inotify_rm_watch": unix.SYS_INOTIFY_RM_WATCH, "ioprio_get": unix.SYS_IOPRIO_GET, "ioprio_set": unix.SYS_IOPRIO_SET,
	"io_uring_enter": unix.SYS_IO_URING_ENTER, "io_uring_register": unix.SYS_IO_URING_REGISTER, "io_uring_setup": unix.SYS_IO_URING_SETUP,
	"kcmp": unix.SYS_KCMP, "kexec_file_load": unix.SYS_KEXEC_FILE_LOAD, "kexec_load": unix.SYS_KEXEC_LOAD, "keyctl": unix.SYS_KEYCTL,
	"lgetxattr": unix.SYS_LGETXATTR, "listmount": unix.SYS_LISTMOUNT, "listns": unix.SYS_LISTNS, "listxattr": unix.SYS_LISTXATTR,
	"listxattrat": unix.SYS_LISTXATTRAT, "llistxattr": unix.SYS_LLISTXATTR, "lremovexattr": unix.SYS_LREMOVEXATTR, "lsetxattr": unix.SYS_LSETXATTR,
	"lsm_set_self_attr": unix.SYS_LSM_SET_SELF_ATTR, "migrate_pages": unix.SYS_MIGRATE_PAGES, "mount": unix.SYS_MOUNT,
	"mount_setattr": unix.SYS_MOUNT_SETATTR, "move_mount": unix.SYS_MOVE_MOUNT, "mq_getsetattr": unix.SYS_MQ_GETSETATTR,
	"mq_notify": unix.SYS_MQ_NOTIFY, "mq_open": unix.SYS_MQ_OPEN, "mq_timedreceive": unix.SYS_MQ_TIMEDRECEIVE, "mq_timedsend": unix.SYS_MQ_TIMEDSEND,
	"mq_unlink": unix.SYS_MQ_UNLINK, "msgctl": unix.SYS_MSGCTL, "msgget": unix.SYS_MSGGET, "msgrcv": unix.SYS_MSGRCV, "msgsnd": unix.SYS_MSGSND,
	"name_to_handle_at": unix.SYS_NAME_TO_HANDLE_AT, "open_by_handle_at": unix.SYS_OPEN_BY_HANDLE_AT, "open_tree": unix.SYS_OPEN_TREE,
	"open_tree_attr": unix.SYS_OPEN_TREE_ATTR, "perf_event_open": unix.SYS_PERF_EVENT_OPEN, "personality": unix.SYS_PERSONALITY,
	"pidfd_getfd": unix.SYS_PIDFD_GETFD, "pidfd_open": unix.SYS_PIDFD_OPEN, "pidfd_send_signal": unix.SYS_PIDFD_SEND_SIGNAL,
	"pivot_root": unix.SYS_PIVOT_ROOT, "process_madvise": unix.SYS_PROCESS_MADVISE, "process_mrelease": unix.SYS_PROCESS_MRELEASE,
	"process_vm_readv": unix.SYS_PROCESS_VM_READV, "process_vm_writev": unix.SYS_PROCESS_VM_WRITEV, "ptrace": unix.SYS_PTRACE,
	"quotactl": unix.SYS_QUOTACTL, "quotactl_fd": unix.SYS_QUOTACTL_FD, "reboot": unix.SYS_REBOOT, "removexattr": unix.SYS_REMOVEXATTR,
	"removexattrat": unix.SYS_REMOVEXATTRAT, "request_key": unix.SYS_REQUEST_KEY, "rt_sigqueueinfo": unix.SYS_RT_SIGQUEUEINFO,
	"rt_tgsigqueueinfo": unix.SYS_RT_TGSIGQUEUEINFO, "sched_getattr": unix.SYS_SCHED_GETATTR, "sched_getparam": unix.SYS_SCHED_GETPARAM,
	"sched_getscheduler": unix.SYS_SCHED_GETSCHEDULER, "sched_rr_get_interval": unix.SYS_SCHED_RR_GET_INTERVAL,
	"sched_setaffinity": unix.SYS_SCHED_SETAFFINITY, "sched_setattr": unix.SYS_SCHED_SETATTR, "sched_setparam": unix.SYS_SCHED_SETPARAM,
	"sched_setscheduler": unix.SYS_SCHED_SETSCHEDULER, "seccomp": unix.SYS_SECCOMP, "semctl": unix.SYS_SEMCTL, "semget": unix.SYS_SEMGET,
	"semop": unix.SYS_SEMOP, "semtimedop": unix.SYS_SEMTIMEDOP, "setdomainname": unix.SYS_SETDOMAINNAME, "sethostname": unix.SYS_SETHOSTNAME,
	"setns": unix.SYS_SETNS, "setpriority": unix.SYS_SETPRIORITY, "settimeofday": unix.SYS_SETTIMEOFDAY, "setxattr": unix.SYS_SETXATTR,
	"setxattrat": unix.SYS_SETXATTRAT, "statmount": unix.SYS_STATMOUNT, "swapoff": unix.SYS_SWAPOFF, "swapon": unix.SYS_SWAPON,
	"syslog": unix.SYS_SYSLOG, "umount2": unix.SYS_UMOUNT2, "unshare": unix.SYS_UNSHARE, "userfaultfd": unix.SYS_USERFAULTFD,
	"utimensat": unix.SYS_UTIMENSAT,
}
