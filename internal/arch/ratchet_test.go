package arch

import (
	"cmp"
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// length is how long one function or file is.
type length struct {
	name  string // "func internal/desk/desk.go Desk.Do" or "file internal/desk/desk.go".
	lines int
}

// longest lists the longest functions and files, longest first; tests and generated files do not count.
func longest(files tree, parsed []source) (functions, whole []length) {
	for _, s := range parsed {
		if s.test || ast.IsGenerated(s.file) {
			continue
		}
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				functions = append(functions, length{"func " + s.path + " " + functionName(f), s.line(f.End()) - s.line(f.Pos()) + 1})
			}
		}
		whole = append(whole, length{"file " + s.path, s.line(s.file.FileEnd)})
	}
	for _, name := range files.paths() {
		ext := path.Ext(name)
		if (ext == ".ts" || ext == ".tsx") && strings.HasPrefix(name, consoleRoot) &&
			!strings.Contains(name, ".gen.") && !strings.Contains(name, ".test.") && !strings.HasPrefix(name, consoleRoot+"i18n/") {
			whole = append(whole, length{"file " + name, strings.Count(files[name], "\n")})
		}
	}
	for _, list := range [][]length{functions, whole} {
		slices.SortFunc(list, func(a, b length) int { return cmp.Or(b.lines-a.lines, strings.Compare(a.name, b.name)) })
	}
	return functions[:min(longestShown, len(functions))], whole[:min(longestShown, len(whole))]
}

func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if generic, ok := t.(*ast.IndexExpr); ok {
		t = generic.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "." + f.Name.Name
	}
	return f.Name.Name
}

// checkRatchet refuses one that was not among the longest before and is now longer than the shortest of them.
// What is within the free length is never refused.
func checkRatchet(before string, now []length, free int, report func(string, ...any)) {
	known := map[string]bool{}
	level, kind := 0, ""
	if len(now) > 0 {
		kind, _, _ = strings.Cut(now[0].name, " ")
	}
	for line := range strings.SplitSeq(before, "\n") {
		var lines int
		if count, name, ok := strings.Cut(line, " "); ok && strings.HasPrefix(name, kind+" ") {
			if _, err := fmt.Sscan(count, &lines); err == nil {
				known[name] = true
				if level == 0 || lines < level {
					level = lines
				}
			}
		}
	}
	level = max(level, free)
	for _, l := range now {
		if l.lines > level && !known[l.name] {
			report("%s has %d lines; the present level is %d: make it shorter, or accept it with: go test ./internal/arch -rewrite", l.name, l.lines, level)
		}
	}
}

// ratchetText is what ratchet.txt holds: the longest functions, then the longest files.
func ratchetText(lists ...[]length) string {
	var b strings.Builder
	b.WriteString("# The longest functions and files, in lines. Written by: go test ./internal/arch -rewrite\n")
	for _, list := range lists {
		for _, l := range list {
			fmt.Fprintf(&b, "%d %s\n", l.lines, l.name)
		}
	}
	return b.String()
}
