package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the advisory lock under which one process migrates: "shun" as a number.
const migrationLock = 0x7368756e

// dial opens one session that promises what the journal needs, or refuses the server.
func (s *Store) dial(ctx context.Context) (*pgx.Conn, error) {
	const op = "postgres.Open"
	c, err := pgx.ConnectConfig(ctx, s.config.Copy())
	if err != nil {
		return nil, fault.Wrap(op, fault.Unavailable, err, "the database does not answer").Mend("check that PostgreSQL runs and that its address is right")
	}
	var fsync, pages, sync string
	var standby bool
	err = c.QueryRow(ctx, "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'), pg_is_in_recovery()").
		Scan(&fsync, &pages, &sync, &standby)
	switch {
	case err != nil:
		err = translate(op, err)
	case standby:
		err = fault.New(op, fault.Unavailable, "this PostgreSQL is a standby, and nothing may be decided from a standby").Mend("give the address of the primary")
	case fsync != "on" || pages != "on":
		err = fault.New(op, fault.Invalid, "this PostgreSQL runs with fsync=%s and full_page_writes=%s and may lose what it acknowledged", fsync, pages).Mend("turn both on")
	case sync != s.opt.SynchronousCommit:
		err = fault.New(op, fault.Invalid, "synchronous_commit is %s, not %s", sync, s.opt.SynchronousCommit)
	}
	if err != nil {
		return nil, errors.Join(err, hangUp(c))
	}
	return c, nil
}

// hangUp closes a session without waiting long for a server that may be gone.
func hangUp(c *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return c.Close(ctx)
}

// translate says in the contract's words what PostgreSQL met.
func translate(op string, err error) error {
	if err == nil {
		return nil
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return fault.Wrap(op, fault.Unavailable, err, "the database does not answer")
	}
	switch {
	case e.Code == "53100":
		return fault.Wrap(op, fault.Unavailable, errors.Join(journal.ErrFull, err), "the database's disk is full").Mend("free space on the database's disk")
	case strings.HasPrefix(e.Code, "XX"):
		return fault.Wrap(op, fault.Internal, errors.Join(journal.ErrCorrupt, err), "the database is damaged").
			Mend("nothing was overwritten: keep a copy of the database, then restore the newest backup and compare it with the signed heads")
	}
	return fault.Wrap(op, fault.Internal, err, "the database refused")
}

// migrate brings the schema forward, one numbered file after another, each in its own transaction.
func (s *Store) migrate(ctx context.Context, c *pgx.Conn) (err error) {
	const op = "postgres.Open"
	if _, err := c.Exec(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return translate(op, err)
	}
	defer func() {
		_, unlocked := c.Exec(ctx, "SELECT pg_advisory_unlock($1)", migrationLock)
		err = errors.Join(err, unlocked)
	}()
	// Open has seen to it that the name holds no quotes.
	if _, err := c.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS "`+s.opt.Schema+`"`+"; CREATE TABLE IF NOT EXISTS migrations (version bigint PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"); err != nil {
		return translate(op, err)
	}
	var done int64
	if err := c.QueryRow(ctx, "SELECT coalesce(max(version),0) FROM migrations").Scan(&done); err != nil {
		return translate(op, err)
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("postgres: the migrations cannot be listed: %w", err)
	}
	newest := int64(0)
	for _, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "_")
		if newest, err = strconv.ParseInt(number, 10, 64); err != nil {
			return fmt.Errorf("postgres: migration %s has no number: %w", name, err)
		}
		if newest <= done {
			continue
		}
		if err := apply(ctx, c, name, newest); err != nil {
			return err
		}
	}
	if done > newest {
		return fault.New(op, fault.Internal, "the database has form %d, this program knows form %d", done, newest).
			Mend("start the program version that wrote this database, or a newer one")
	}
	return nil
}

func apply(ctx context.Context, c *pgx.Conn, name string, version int64) error {
	sql, err := migrations.ReadFile(name)
	if err != nil {
		return fmt.Errorf("postgres: migration %s cannot be read: %w", name, err)
	}
	err = pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, string(sql)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO migrations(version) VALUES($1)", version)
		return err
	})
	if err != nil {
		return fmt.Errorf("postgres: migration %d: %w", version, translate("postgres.Open", err))
	}
	return nil
}

// readersMax bounds how many sessions of the server the readers of one journal take.
const readersMax = 4

// pool lends sessions for work that may be done twice. A session that met an error is not lent again.
type pool struct {
	dial   func(context.Context) (*pgx.Conn, error)
	places chan struct{}
	mu     sync.Mutex
	idle   []*pgx.Conn
	closed bool
}

func newPool(dial func(context.Context) (*pgx.Conn, error)) *pool {
	return &pool{dial: dial, places: make(chan struct{}, readersMax)}
}

func (p *pool) use(ctx context.Context, f func(*pgx.Conn) error) error {
	select {
	case p.places <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("postgres: %w", ctx.Err())
	}
	defer func() { <-p.places }()
	c, fresh, err := p.take(ctx)
	if err != nil {
		return err
	}
	err = f(c)
	if err != nil && !fresh && c.IsClosed() && ctx.Err() == nil {
		// The session died while it lay idle, as after a restart of the server. Everything asked here may be asked twice.
		if c, err = p.dial(ctx); err != nil {
			return err
		}
		err = f(c)
	}
	if err != nil {
		return errors.Join(err, hangUp(c))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return hangUp(c)
	}
	p.idle = append(p.idle, c)
	return nil
}

// take gives an idle session, or a fresh one.
func (p *pool) take(ctx context.Context) (c *pgx.Conn, fresh bool, err error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, false, ErrClosed
	}
	if n := len(p.idle); n > 0 {
		c = p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return c, false, nil
	}
	p.mu.Unlock()
	c, err = p.dial(ctx)
	return c, true, err
}

func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var errs []error
	for _, c := range p.idle {
		errs = append(errs, hangUp(c))
	}
	p.idle = nil
	return errors.Join(errs...)
}
