// Package publicdata finds the public data that tests run against. It is no part of the repository: it lies beside the
// checkout, or in the folder that SHUNIU_DATA names. Only tests import it.
package publicdata

import (
	"os"
	"path/filepath"
	"testing"
)

// File is the path of a file of the public data, for a test of a package two folders below the root. A test is skipped
// where the file is not there, except where CI=true: there it fails.
func File(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("SHUNIU_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is required in CI", path)
		}
		t.Skipf("%s is not here; set SHUNIU_DATA to the folder of the public data", path)
	}
	return path
}
