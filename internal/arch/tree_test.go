package arch

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tree is a set of files: slash-separated path from the module's root to content. The rules are functions over
// trees, so that a test can show each of them a tree that breaks it.
type tree map[string]string

// source is one parsed Go file.
type source struct {
	path string // From the module's root.
	dir  string
	test bool // The name ends in _test.go.
	file *ast.File
	set  *token.FileSet
}

// readTree reads the files that git knows or would add: what the next commit may hold.
func readTree(t *testing.T) tree {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("git ls-files: %v", err)
		}
		t.Skipf("not a git checkout, so the files of the house are not known: %v", err)
	}
	files := tree{}
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil || bytes.IndexByte(content, 0) >= 0 { // Deleted but not committed yet, a link to a folder, or no text.
			continue
		}
		files[name] = string(content)
	}
	if len(files) < 20 {
		t.Fatalf("only %d files were read: the rules would hold for nothing", len(files))
	}
	return files
}

// paths lists the files in order.
func (f tree) paths() []string {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// sources parses every Go file that belongs to a package; programs below testdata belong to none.
func (f tree) sources(report func(string, ...any)) []source {
	var all []source
	for _, name := range f.paths() {
		if path.Ext(name) != ".go" || strings.Contains("/"+name, "/testdata/") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, f[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			report("%s: cannot be parsed: %v", name, err)
			continue
		}
		all = append(all, source{path: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), file: file, set: set})
	}
	return all
}

// imports maps the local name of every import to its path.
func (s source) imports() map[string]string {
	names := map[string]string{}
	for _, spec := range s.file.Imports {
		full, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		local := path.Base(full)
		if len(local) > 1 && local[0] == 'v' && strings.Trim(local[1:], "0123456789") == "" {
			local = path.Base(path.Dir(full)) // math/rand/v2 is named rand.
		}
		if spec.Name != nil {
			local = spec.Name.Name
		}
		if local == "_" || local == "." {
			local += full // Not a name that code can use, but still an import.
		}
		names[local] = full
	}
	return names
}

func (s source) line(pos token.Pos) int { return s.set.Position(pos).Line }

// outside reports whether the file is an outside test (package x_test), which may stand on any floor.
func (s source) outside() bool { return s.test && strings.HasSuffix(s.file.Name.Name, "_test") }
