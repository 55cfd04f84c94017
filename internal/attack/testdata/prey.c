// A process of the account that the server runs as. It owns System V shared memory,
// a message queue and a semaphore, prints their numbers, and waits to be killed.
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

int main(void) {
	int memory = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	int semaphore = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
	strcpy(shmat(memory, 0, 0), "secret");
	printf("%d %d %d\n", memory, queue, semaphore);
	fflush(stdout);
	char c;
	while (read(0, &c, 1) > 0) {
	}
	shmctl(memory, IPC_RMID, 0);
	msgctl(queue, IPC_RMID, 0);
	semctl(semaphore, 0, IPC_RMID);
	return 0;
}
