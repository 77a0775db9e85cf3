package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"

	driversqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// conn is one connection of the driver with its prepared statements. It bypasses database/sql, whose pool and
// conversions cost about as much as the inserts themselves. It is used by one goroutine at a time.
type conn struct {
	c     driver.Conn
	stmts map[string]driver.Stmt
	args  []driver.NamedValue
	path  string
}

func dial(path string, pragmas ...string) (*conn, error) {
	q := url.Values{"_pragma": pragmas}
	if strings.ContainsAny(path, "?#%") {
		return nil, fault.New("sqlite.Open", fault.Invalid, "a journal's path may not contain ?, # or %%: %s", path)
	}
	c, err := (&driversqlite.Driver{}).Open("file:" + path + "?" + q.Encode())
	if err != nil {
		return nil, translate("sqlite.Open", path, err)
	}
	return &conn{c: c, stmts: map[string]driver.Stmt{}, path: path}, nil
}

func (c *conn) prepare(query string) (driver.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.c.Prepare(query)
	if err != nil {
		return nil, translate("sqlite.prepare", c.path, err)
	}
	c.stmts[query] = s
	return s, nil
}

func (c *conn) bind(args []any) []driver.NamedValue {
	c.args = c.args[:0]
	for i, a := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return c.args
}

// exec runs a statement to its end. It cannot be interrupted: a half-done append would leave the caller not
// knowing what is stored.
func (c *conn) exec(query string, args ...any) error {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	x, ok := s.(driver.StmtExecContext)
	if !ok {
		return errors.New("sqlite: the driver has lost its way to execute")
	}
	if _, err := x.ExecContext(context.Background(), c.bind(args)); err != nil {
		return translate("sqlite.exec", c.path, err)
	}
	return nil
}

// query calls row for each row until it returns false.
func (c *conn) query(query string, row func([]driver.Value) (bool, error), args ...any) error {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	x, ok := s.(driver.StmtQueryContext)
	if !ok {
		return errors.New("sqlite: the driver has lost its way to query")
	}
	rows, err := x.QueryContext(context.Background(), c.bind(args))
	if err != nil {
		return translate("sqlite.query", c.path, err)
	}
	values := make([]driver.Value, len(rows.Columns()))
	for {
		err := rows.Next(values)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.Join(translate("sqlite.query", c.path, err), rows.Close())
		}
		more, err := row(values)
		if err != nil || !more {
			return errors.Join(err, rows.Close())
		}
	}
	if err := rows.Close(); err != nil {
		return translate("sqlite.query", c.path, err)
	}
	return nil
}

// number is the first column of the first row; 0 if it is NULL or there is no row.
func (c *conn) number(query string, args ...any) (int64, error) {
	var n int64
	err := c.query(query, func(v []driver.Value) (bool, error) {
		n, _ = v[0].(int64)
		return false, nil
	}, args...)
	return n, err
}

// written is how many pages this connection has written into the log since it was dialled.
func (c *conn) written() (int, error) {
	x, ok := c.c.(driversqlite.DBStatus)
	if !ok {
		return 0, errors.New("sqlite: the driver has lost its counters")
	}
	n, _, err := x.Status(driversqlite.DBStatusCacheWrite, false)
	return n, translate("sqlite.written", c.path, err)
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.c.Close())...)
}

// translate says in the contract's words what SQLite met.
func translate(op, path string, err error) error {
	if err == nil {
		return nil
	}
	var e *driversqlite.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%s: %w", op, err)
	}
	switch {
	case e.Code() == lib.SQLITE_FULL || e.Code() == lib.SQLITE_IOERR_SHMSIZE:
		return fault.Wrap(op, fault.Unavailable, errors.Join(journal.ErrFull, err), "the disk under %s is full", path).
			Mend("free space on this disk; calls go on with the reserve")
	case e.Code()&0xff == lib.SQLITE_CORRUPT, e.Code()&0xff == lib.SQLITE_NOTADB, e.Code() == lib.SQLITE_IOERR_SHORT_READ:
		return corrupt(path, "the file is damaged", err)
	case e.Code()&0xff == lib.SQLITE_BUSY:
		return fault.Wrap(op, fault.Unavailable, errors.Join(journal.ErrLocked, err), "%s is in use", path).
			Mend("stop the other program that has this file open")
	}
	return fault.Wrap(op, fault.Internal, err, "%s cannot be read or written", path)
}

func corrupt(path, place string, cause error) error {
	return fault.Wrap("sqlite", fault.Internal, errors.Join(journal.ErrCorrupt, cause), "%s: %s", path, place).
		Mend("nothing was overwritten: copy the file and those beside it to a safe place, then restore the newest backup and compare it with the signed heads")
}

// pool lends reading connections. Each carries its own page cache, so few are kept.
type pool struct {
	path   string
	mu     sync.Mutex
	idle   []*conn
	lent   int
	closed bool
	none   *sync.Cond // Signalled when one comes back.
}

// readersMax bounds the memory of page caches: 8 MiB each.
const readersMax = 4

func newPool(path string) *pool {
	p := &pool{path: path}
	p.none = sync.NewCond(&p.mu)
	return p
}

func (p *pool) use(f func(*conn) error) error {
	c, err := p.take()
	if err != nil {
		return err
	}
	err = f(c)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lent--
	p.idle = append(p.idle, c)
	p.none.Broadcast()
	return err
}

func (p *pool) take() (*conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.closed && len(p.idle) == 0 && p.lent >= readersMax {
		p.none.Wait()
	}
	if p.closed {
		return nil, ErrClosed
	}
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.lent++
		return c, nil
	}
	c, err := dial(p.path, "busy_timeout(5000)", "cache_size(-8192)", "query_only(1)", "temp_store(2)")
	if err != nil {
		return nil, err
	}
	p.lent++
	return c, nil
}

// close waits for the readers that are under way.
func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.none.Broadcast()
	for p.lent > 0 {
		p.none.Wait()
	}
	var errs []error
	for _, c := range p.idle {
		errs = append(errs, c.close())
	}
	p.idle = nil
	return errors.Join(errs...)
}
