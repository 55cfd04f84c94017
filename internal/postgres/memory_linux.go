package postgres

import (
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A memoryCall is struct seccomp_notif of <linux/seccomp.h>: a call that waits.
type memoryCall struct {
	id  uint64
	pid uint32 // of the thread that makes it
	_   uint32
	_   [64]byte // which call it is
}

// A memoryAnswer is struct seccomp_notif_resp.
type memoryAnswer struct {
	id    uint64
	_     int64
	errno int32 // negative
	flags uint32
}

// answerMemory lets the server itself, which runs no code but PostgreSQL's and has
// one thread, have System V shared memory, and none of its backends. It returns when
// nobody is left to ask. What a call asks for is in its arguments alone, so no
// thread can change it after the answer.
// See https://man7.org/linux/man-pages/man2/seccomp_unotify.2.html.
func answerMemory(calls *os.File, server int) error {
	for {
		if gone, err := awaitMemoryCall(calls); gone || err != nil {
			return err
		}
		var call memoryCall
		err := memoryRequest(calls, unix.SECCOMP_IOCTL_NOTIF_RECV, unsafe.Pointer(&call))
		if err == nil {
			answer := answerTo(call, server)
			err = memoryRequest(calls, unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&answer))
		}
		// ENOENT: the caller has ended.
		if err != nil && !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// awaitMemoryCall waits; gone means that nobody is left to ask.
func awaitMemoryCall(calls *os.File) (gone bool, err error) {
	events := []unix.PollFd{{Fd: int32(calls.Fd()), Events: unix.POLLIN}}
	for {
		_, err := unix.Poll(events, -1)
		if !errors.Is(err, unix.EINTR) {
			return events[0].Revents&unix.POLLIN == 0, err
		}
	}
}

func answerTo(call memoryCall, server int) memoryAnswer {
	if int(call.pid) != server {
		return memoryAnswer{id: call.id, errno: -int32(unix.EACCES)}
	}
	return memoryAnswer{id: call.id, flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE}
}

func memoryRequest(f *os.File, number uintptr, argument unsafe.Pointer) error {
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), number, uintptr(argument)); errno != 0 {
		return errno
	}
	return nil
}
