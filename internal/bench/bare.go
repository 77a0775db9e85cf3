package bench

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"time"

	"modernc.org/sqlite"
)

// bareBytes is how long the row of a bare command is: about what a record with a private part takes.
const bareBytes = 600

// bare is the limit that the driver and the disk set to any desk in this process: a loop that takes whatever waits,
// inserts one row for each and commits. It decides nothing, encrypts nothing, remembers no answer and has no index.
type bare struct {
	c      driver.Conn
	begin  driver.StmtExecContext
	insert driver.StmtExecContext
	commit driver.StmtExecContext
	queue  chan chan error
	seq    int64
	rows   int64
	groups int64
}

func openBare(dir string) (_ *bare, err error) {
	pragmas := url.Values{"_pragma": {"page_size(8192)", "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-65536)"}}
	b := &bare{queue: make(chan chan error, 1024)}
	if b.c, err = (&sqlite.Driver{}).Open("file:" + filepath.Join(dir, "bare.db") + "?" + pragmas.Encode()); err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	prepare := func(query string) driver.StmtExecContext {
		s, failed := b.c.Prepare(query)
		x, ok := s.(driver.StmtExecContext)
		if failed == nil && !ok {
			failed = errors.New("bench: the driver has lost its way to execute")
		}
		err = errors.Join(err, failed)
		return x
	}
	if create := prepare("CREATE TABLE rows(seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT"); err == nil {
		_, err = create.ExecContext(context.Background(), nil)
	}
	if err == nil {
		b.begin, b.insert, b.commit = prepare("BEGIN IMMEDIATE"), prepare("INSERT INTO rows VALUES(?,?)"), prepare("COMMIT")
	}
	if err != nil {
		return nil, errors.Join(err, b.c.Close())
	}
	return b, nil
}

// run commits groups until the context ends.
func (b *bare) run(ctx context.Context) {
	for {
		var group []chan error
		select {
		case first := <-b.queue:
			group = append(group, first)
		case <-ctx.Done():
			return
		}
		runtime.Gosched()
		for len(b.queue) > 0 {
			group = append(group, <-b.queue)
		}
		err := b.store(len(group))
		for _, done := range group {
			done <- err
		}
	}
}

func (b *bare) store(rows int) error {
	_, err := b.begin.ExecContext(context.Background(), nil)
	for i := 0; i < rows && err == nil; i++ {
		b.seq++
		_, err = b.insert.ExecContext(context.Background(), []driver.NamedValue{{Ordinal: 1, Value: b.seq}, {Ordinal: 2, Value: make([]byte, bareBytes)}})
	}
	if err == nil {
		_, err = b.commit.ExecContext(context.Background(), nil)
	}
	b.rows, b.groups = b.rows+int64(rows), b.groups+1
	return err
}

// bareLoop measures how many rows a second callers make durable through a bare loop, and how many share a commit.
func bareLoop(ctx context.Context, dir string, callers int, span time.Duration) (perS, perCommit float64, err error) {
	folder, remove, err := Options{Dir: dir}.temp()
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	b, err := openBare(folder)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, b.c.Close()) }()
	running, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); b.run(running) }()
	took, passed, err := rush(ctx, callers, span, func(context.Context, int, int) error {
		done := make(chan error, 1)
		b.queue <- done
		return <-done
	})
	stop()
	<-ended
	if err != nil {
		return 0, 0, err
	}
	return float64(len(took)) / passed.Seconds(), float64(b.rows) / float64(b.groups), nil
}
