package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// postgres is a private cluster on the same disk, reached by a unix socket only.
type postgres struct {
	bin, dir, socket, version string
	as                        *syscall.Credential
	server                    *exec.Cmd
}

// startPostgres starts a private cluster and fills pgbench's tables. Without PostgreSQL on this machine it gives none
// and says why.
func startPostgres(ctx context.Context, dir string, o Options) (_ *postgres, why string, err error) {
	p := &postgres{}
	if p.bin = postgresBin(); p.bin == "" {
		return nil, "PostgreSQL is not installed", nil
	}
	if p.as, err = postgresUser(); err != nil {
		return nil, err.Error(), nil //nolint:nilerr // It is the reason, not a failure.
	}
	// A socket's path may not be long, and the server's own user must reach its folders.
	if p.socket, err = os.MkdirTemp("", "bench-pg-*"); err != nil {
		return nil, "", fmt.Errorf("bench: %w", err)
	}
	p.dir = filepath.Join(dir, "postgres")
	err = errors.Join(os.Mkdir(p.dir, 0o700), os.Chmod(dir, 0o755)) //nolint:gosec // Only to pass through.
	if p.as != nil {
		err = errors.Join(err, os.Chown(p.dir, int(p.as.Uid), int(p.as.Gid)), os.Chown(p.socket, int(p.as.Uid), int(p.as.Gid)))
	}
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("bench: %w", err), os.RemoveAll(p.socket))
	}
	o.say("starting a private PostgreSQL and filling pgbench's tables")
	data := filepath.Join(p.dir, "data")
	if _, err = p.run(ctx, "initdb", "-D", data, "-A", "trust", "-U", "bench", "--no-locale", "-E", "UTF8"); err == nil {
		p.server = p.command(ctx, "postgres", "-D", data, "-k", p.socket, "-c", "listen_addresses=", "-c", "synchronous_commit=on", "-c", "fsync=on")
		err = p.server.Start()
	}
	if err == nil {
		err = p.fill(ctx, o)
	}
	switch {
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Sprintf("the user postgres cannot reach %s", p.dir), p.stop()
	case err != nil:
		return nil, "", errors.Join(err, p.stop())
	}
	return p, "", nil
}

func (p *postgres) fill(ctx context.Context, o Options) error {
	ready, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if _, err := p.run(ready, "pg_isready", "-q", "-h", p.socket, "-U", "bench"); err == nil {
			break
		} else if err2 := pause(ready, 100*time.Millisecond); err2 != nil {
			return fmt.Errorf("bench: PostgreSQL does not start: %w", err)
		}
	}
	out, err := p.run(ctx, "psql", "-h", p.socket, "-U", "bench", "-Atc", "show server_version", "postgres")
	if err != nil {
		return err
	}
	p.version = strings.TrimSpace(out)
	_, err = p.run(ctx, "pgbench", "-i", "-q", "-s", strconv.Itoa(o.Sizes.Scale), "-h", p.socket, "-U", "bench", "postgres")
	return err
}

// bench is the transactions a second of one run.
func (p *postgres) bench(ctx context.Context, span time.Duration) (float64, error) {
	out, err := p.run(ctx, "pgbench", "-N", "-M", "prepared", "-c", "64", "-j", "2", "-T", strconv.Itoa(max(1, int(span.Seconds()))),
		"-h", p.socket, "-U", "bench", "postgres")
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(`(?m)^tps = ([0-9.]+)`).FindStringSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("bench: pgbench says no tps: %s", out)
	}
	tps, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, fmt.Errorf("bench: pgbench's tps: %w", err)
	}
	return tps, nil
}

func (p *postgres) stop() error {
	var err error
	if p.server != nil && p.server.Process != nil {
		err = p.server.Process.Signal(syscall.SIGINT) // Its fast shutdown.
		_ = p.server.Wait()                           // How it ended does not matter any more.
	}
	return errors.Join(err, os.RemoveAll(p.socket))
}

func (p *postgres) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, filepath.Join(p.bin, name), args...)
	c.Dir = p.dir
	c.Env = append(os.Environ(), "LC_ALL=C", "PGSYSCONFDIR=/nonexistent", "PGPASSFILE=/nonexistent")
	if p.as != nil {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: p.as}
	}
	return c
}

func (p *postgres) run(ctx context.Context, name string, args ...string) (string, error) {
	out, err := p.command(ctx, name, args...).CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("bench: %s: %w: %s", name, err, out)
	}
	return string(out), nil
}

// postgresBin is the folder of the newest PostgreSQL's programs; empty if there is none.
func postgresBin() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench") // Fails only for a bad pattern.
	if path, err := exec.LookPath("initdb"); err == nil {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			found = append(found, filepath.Join(filepath.Dir(target), "pgbench"))
		}
	}
	slices.Sort(found)
	for _, path := range slices.Backward(found) {
		dir := filepath.Dir(path)
		missing := slices.ContainsFunc([]string{"initdb", "postgres", "pg_isready", "psql", "pgbench"}, func(name string) bool {
			_, err := os.Stat(filepath.Join(dir, name))
			return err != nil
		})
		if !missing {
			return dir
		}
	}
	return ""
}

// postgresUser is as whom the server runs: PostgreSQL refuses root. nil means as we are.
func postgresUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // As we are.
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root, and there is no user postgres: %w", err)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(err1, err2); err != nil {
		return nil, fmt.Errorf("the user postgres has no number: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
