// Package pgtest starts a private PostgreSQL for tests: its own folder, a unix socket and no port, fsync on.
package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Cluster is one running PostgreSQL.
type Cluster struct {
	bin, dir string
	as       *syscall.Credential // Whom the server runs as; nil means as we do.
}

// Start makes and starts a cluster, and stops it at the end of the test. Without the programs of PostgreSQL the
// test is skipped with the reason, but fails when CI=true.
func Start(t testing.TB) *Cluster {
	t.Helper()
	bin, as, err := programs()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("PostgreSQL is required here: %v", err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	// Not t.TempDir: its name is too long for a socket, and closed to another user.
	dir, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{bin: bin, dir: dir, as: as}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if as != nil {
		if err := os.Chown(dir, int(as.Uid), int(as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.run("initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "--data-checksums"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// A test may have stopped it already.
		_ = c.Stop("immediate")
	})
	if err := c.Up(); err != nil {
		t.Fatal(err)
	}
	return c
}

func programs() (bin string, as *syscall.Credential, err error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		path, err := exec.LookPath("postgres")
		if err != nil {
			return "", nil, err
		}
		found = []string{path}
	}
	bin = filepath.Dir(slices.Max(found))
	if os.Getuid() != 0 {
		return bin, nil, nil
	}
	// PostgreSQL refuses to run as root.
	u, err := user.Lookup("postgres")
	if err != nil {
		return "", nil, err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return bin, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// DSN is the address of the cluster, for this process and for children of it.
func (c *Cluster) DSN() string {
	return "host=" + c.dir + " user=postgres dbname=postgres"
}

// Up starts the server, also after Stop, and waits until it answers.
func (c *Cluster) Up() error {
	return c.run("pg_ctl", "-D", c.data(), "-w", "-t", "60", "-l", filepath.Join(c.dir, "log"),
		"-o", "-c listen_addresses='' -c unix_socket_directories="+c.dir+" -c fsync=on -c shared_buffers=64MB -c max_connections=60", "start")
}

// Stop stops the server: "fast" in order, "immediate" as a crash does.
func (c *Cluster) Stop(mode string) error {
	return c.run("pg_ctl", "-D", c.data(), "-w", "-m", mode, "stop")
}

func (c *Cluster) run(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	if c.as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	}
	// pg_ctl leaves the server running with its output: a pipe would never end.
	out, err := os.CreateTemp("", "pgtest")
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(out.Close(), os.Remove(out.Name())) }()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
		return fmt.Errorf("%s: %w\n%s\n%s", program, err, strings.TrimSpace(string(said)), strings.TrimSpace(string(log)))
	}
	return nil
}
