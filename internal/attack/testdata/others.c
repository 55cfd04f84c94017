// What machine code in the server tries with another process of its account, PREY,
// with its memory, queue and semaphore, and with parts of the kernel that a server
// does not need. What works is a line in a file of the data directory.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static FILE *worked;

static void tell(int ok, const char *what) {
	if (ok) fprintf(worked, "%s\n", what);
}

static void memory(void) {
	struct shmid_ds segment;
	int list = 0;
	for (int i = 0; i < 1000; i++) list |= shmctl(i, SHM_STAT, &segment) >= 0;
	tell(list, "list shared memory");
	char *at = shmat(SHM, 0, 0);
	tell(at != (char *)-1 && strcmp(at, "secret") == 0, "read shared memory");
	if (at != (char *)-1) tell(strcpy(at, "changed") != 0, "write shared memory");
	tell(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) >= 0, "make shared memory");
	tell(shmctl(SHM, IPC_RMID, 0) == 0, "remove shared memory");
	struct { long type; char text[1]; } message = {1, "x"};
	tell(msgsnd(MSG, &message, 1, IPC_NOWAIT) == 0, "send a message");
	tell(msgrcv(MSG, &message, 1, 0, IPC_NOWAIT) == 1, "receive a message");
	tell(semctl(SEM, 0, SETVAL, 7) == 0, "set a semaphore");
	tell(semctl(SEM, 0, GETVAL) >= 0, "read a semaphore");
}

static void process(void) {
	struct rlimit core = {0, 0};
	cpu_set_t first;
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	struct sched_param parameter = {0};
	tell(prlimit(PREY, RLIMIT_CORE, &core, 0) == 0, "lower a limit");
	tell(setpriority(PRIO_PROCESS, PREY, 19) == 0, "lower a priority");
	tell(syscall(SYS_getpriority, PRIO_PROCESS, PREY) >= 0, "read a priority");
	tell(sched_setaffinity(PREY, sizeof first, &first) == 0, "take processors");
	tell(sched_getaffinity(PREY, sizeof first, &first) == 0, "read processors");
	tell(sched_setscheduler(PREY, SCHED_IDLE, &parameter) == 0, "change the scheduler");
	tell(syscall(SYS_ioprio_set, 1, PREY, 3 << 13) == 0, "lower the priority of its disk");
	tell(getsid(PREY) >= 0 && getpgid(PREY) >= 0, "find its session");
	tell(syscall(SYS_pidfd_open, PREY, 0) >= 0, "open it");
	tell(syscall(SYS_kcmp, PREY, PREY, 1, 0, 0) >= 0, "compare it");
	struct timespec used;
	clockid_t clock;
	tell(clock_getcpuclockid(PREY, &clock) == 0 && clock_gettime(clock, &used) == 0, "read its clock");
	char buffer[1];
	struct iovec to = {buffer, 1}, from = {(void *)0x400000, 1};
	tell(process_vm_readv(PREY, &to, 1, &from, 1, 0) == 1, "read its memory");
	tell(kill(PREY, 0) == 0 || kill(PREY, SIGCONT) == 0, "send it a signal");
	tell(sigqueue(PREY, SIGCONT, (union sigval){0}) == 0, "queue a signal");
	if (ptrace(PTRACE_ATTACH, PREY, 0, 0) == 0) {
		tell(1, "trace it");
		waitpid(PREY, 0, __WALL);
		ptrace(PTRACE_DETACH, PREY, 0, 0);
	}
}

static void machine(void) {
	struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof event, .config = PERF_COUNT_SW_CPU_CLOCK, .exclude_kernel = 1};
	struct io_uring_params ring = {0};
	union bpf_attr map = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
	tell(syscall(SYS_add_key, "user", "migvet", "x", 1, -3) >= 0, "keep a key");
	tell(syscall(SYS_keyctl, 0, -3, 0) >= 0, "find a keyring");
	tell(syscall(SYS_userfaultfd, O_CLOEXEC | 1) >= 0, "handle page faults");
	tell(syscall(SYS_perf_event_open, &event, 0, -1, -1, 0) >= 0, "count events");
	tell(syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map) >= 0, "load BPF");
	tell(syscall(SYS_io_uring_setup, 1, &ring) >= 0, "make a ring");
	tell(inotify_add_watch(inotify_init1(0), DIR, IN_ALL_EVENTS) >= 0, "watch a directory");
}

// leave starts a process that nobody waits for, in a session of its own, and notes
// its number.
static void leave(void (*run)(void)) {
	if (fork() != 0) {
		wait(0);
		return;
	}
	setsid();
	for (int i = 3; i < 1000; i++) close(i);
	for (int i = 1; i < 65; i++) signal(i, SIG_IGN);
	pid_t pid = fork();
	if (pid == 0) {
		run();
		_exit(0);
	}
	FILE *f = fopen("native-left", "w");
	fprintf(f, "%d", pid);
	fclose(f);
	_exit(0);
}

static void stay(void) {
	for (int i = 0; i < 100; i++) sleep(1);
}

// hop has another number whenever somebody looks.
static void hop(void) {
	for (time_t end = time(0) + 100; time(0) < end;) {
		if (fork() != 0) return;
	}
}

__attribute__((constructor)) static void run(void) {
	worked = fopen("native-worked", "w");
	process();
	machine();
	memory();
	fclose(worked);
	leave(hop);
	leave(stay);
}
