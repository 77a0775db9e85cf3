package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"shuniu/internal/journal"
	"shuniu/internal/journal/journaltest"
)

// small keeps tests from laying out many megabytes each.
func small() Options {
	return Options{Centre: journaltest.Centre, ReserveBytes: 1 << 16, WALBytes: 1 << 16}
}

func openSpec(path string) (journal.Store, error) { return Open(context.Background(), path, small()) }

func TestMain(m *testing.M) { os.Exit(journaltest.Main(m, openSpec)) }

func TestStore(t *testing.T) {
	journaltest.Run(t, func(t *testing.T) journaltest.Medium {
		path := filepath.Join(t.TempDir(), "yunze.db")
		return journaltest.Medium{Open: func() (journal.Store, error) { return openSpec(path) }, Spec: path}
	})
}
