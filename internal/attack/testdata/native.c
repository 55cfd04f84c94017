// What machine code in the server tries as soon as it is loaded. Whatever works
// leaves a file in DIR, or is seen by what listens there.
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <string.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>


static void connect_unix(const char *path) {
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	strncpy(a.sun_path, path, sizeof a.sun_path - 1);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	connect(fd, (struct sockaddr *)&a, sizeof a);
	close(fd);
}

static void connect_tcp(int port) {
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	connect(fd, (struct sockaddr *)&a, sizeof a);
	close(fd);
}

__attribute__((constructor)) static void run(void) {
	close(open(DIR "/native-file", O_CREAT | O_WRONLY, 0666));
	mkdir(DIR "/native-directory", 0777);
	if (symlink("/etc/passwd", DIR "/native-link")) {}
	connect_unix(DIR "/.s.PGSQL.5432");
	connect_tcp(PORT);
	if (fork() == 0) {
		execl("/usr/bin/touch", "touch", DIR "/native-program", (char *)0);
		_exit(0);
	}
	if (system("touch " DIR "/native-shell")) {}
}
