package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// checkPackages asks every package for a comment that says what it is for, and for a name that says something.
func checkPackages(files []source, report func(string, ...any)) {
	commented := map[string]bool{}
	for _, s := range files {
		if !s.test || !commented[s.dir] {
			commented[s.dir] = commented[s.dir] || (!s.test && s.file.Doc != nil)
		}
		for part := range strings.SplitSeq(s.dir, "/") {
			if slices.Contains(emptyNames(), part) {
				report("%s: the folder name %q says nothing about what is inside", s.path, part)
			}
		}
	}
	for dir, ok := range commented {
		if !ok {
			report("%s: no package comment: say what it is for and what it must never do", dir)
		}
	}
}

// checkTests finds tests that sleep on the real clock and tests that are skipped without a word. Inside
// synctest.Test time is stepped, so sleeping there is exact.
func checkTests(files []source, report func(string, ...any)) {
	for _, s := range files {
		if !s.test {
			continue
		}
		imports := s.imports()
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok {
				return true
			}
			from := imports[x.Name]
			switch {
			case from == "testing/synctest" && sel.Sel.Name == "Test":
				return false
			case from == "time" && sel.Sel.Name == "Sleep":
				report("%s:%d: a test sleeps; step the time instead", s.path, s.line(call.Pos()))
			case sel.Sel.Name == "SkipNow" && from == "", sel.Sel.Name == "Skip" && from == "" && wordless(call):
				report("%s:%d: a test is skipped without a reason", s.path, s.line(call.Pos()))
			}
			return true
		})
	}
}

func wordless(call *ast.CallExpr) bool {
	if len(call.Args) == 0 {
		return true
	}
	lit, ok := call.Args[0].(*ast.BasicLit)
	return ok && lit.Kind == token.STRING && strings.Trim(lit.Value, "\"` ") == ""
}

// checkDecisions asks that the decision records are numbered without gaps and begin with what was decided.
func checkDecisions(files tree, report func(string, ...any)) {
	named := regexp.MustCompile(`^\d{4}-[a-z0-9-]+\.md$`)
	next := 0
	for _, name := range files.paths() {
		if path.Dir(name) != "docs/adr" {
			continue
		}
		base := path.Base(name)
		if !named.MatchString(base) {
			report("%s: name it NNNN-title.md", name)
			continue
		}
		if want := fmt.Sprintf("%04d-", next); !strings.HasPrefix(base, want) {
			report("%s: number %s comes next", name, want[:4])
		}
		next++
		first := "no heading"
		for line := range strings.SplitSeq(files[name], "\n") {
			if heading, ok := strings.CutPrefix(line, "## "); ok {
				first = strings.TrimSpace(heading)
				break
			}
		}
		if first != "Decision" {
			report("%s: the first section is %q; Decision comes first, most readers stop there", name, first)
		}
	}
}

// checkText finds what belongs to one machine or to an unfinished thought. The words are put together here, so
// that this file does not break its own rule.
func checkText(files tree, report func(string, ...any)) {
	for _, rule := range []struct {
		pattern *regexp.Regexp
		why     string
	}{
		{regexp.MustCompile(`(^|[^A-Za-z0-9_.\-])/(` + "wo" + `rk|` + "fa" + `rm|ro` + `ot|tmp/br` + `ief)/`), "a path of one machine"},
		{regexp.MustCompile(`(registry\.npm` + `js|npmmir` + `ror|proxy\.gol` + `ang|sum\.gol` + `ang|gopro` + `xy)\.`), "the name of a registry host"},
		{regexp.MustCompile(`"resol` + `ved": *"http`), "a download address in a lock file"},
		{regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`), "an unfinished thought: finish it or write an issue"},
	} {
		for _, name := range files.paths() {
			if name == "go.sum" || name == "tools/go.sum" {
				continue // Hashes hold any letters.
			}
			for i, line := range strings.Split(files[name], "\n") {
				if found := rule.pattern.FindString(line); found != "" {
					report("%s:%d: %q is %s", name, i+1, found, rule.why)
				}
			}
		}
	}
}
