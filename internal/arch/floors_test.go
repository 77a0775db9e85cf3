package arch

import (
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
)

const module = "shuniu/"

// floorOf finds the storey of a folder; an exact name wins over a name ending in /*.
func floorOf(floors []storey, dir string) (int, bool) {
	found, ok := 0, false
	for i, floor := range floors {
		for _, name := range floor.packages {
			if name == dir {
				return i, true
			}
			if parent, all := strings.CutSuffix(name, "/*"); all && path.Dir(dir) == parent {
				found, ok = i, true
			}
		}
	}
	return found, ok
}

// checkFloors finds packages without a floor, imports that do not go down, and libraries that a floor does not use.
func checkFloors(floors []storey, files []source, report func(string, ...any)) {
	for _, s := range files {
		at, ok := floorOf(floors, s.dir)
		if !ok {
			report("%s: package %s has no floor; give it one in internal/arch/policy_test.go, with an ADR", s.path, s.dir)
			continue
		}
		for _, full := range slices.Sorted(maps.Values(s.imports())) {
			if dir, ours := strings.CutPrefix(full, module); ours {
				checkStep(floors, s, at, dir, report)
			} else if strings.Contains(strings.Split(full, "/")[0], ".") {
				checkModule(floors[at], s, full, report)
			}
		}
	}
}

func checkStep(floors []storey, s source, at int, dir string, report func(string, ...any)) {
	to, ok := floorOf(floors, dir)
	switch {
	case !ok:
		report("%s: imports %s, which has no floor", s.path, dir)
	case to < at || (s.test && dir == s.dir) || s.outside():
	case to == at:
		report("%s: %s imports %s, but both are on floor %q: whoever needs two neighbours stands higher", s.path, s.dir, dir, floors[at].name)
	default:
		report("%s: %s (floor %q) imports %s (floor %q): imports go down", s.path, s.dir, floors[at].name, dir, floors[to].name)
	}
}

func checkModule(floor storey, s source, full string, report func(string, ...any)) {
	in := func(modules []string) bool {
		return slices.ContainsFunc(modules, func(m string) bool { return full == m || strings.HasPrefix(full, m+"/") })
	}
	if !in(floor.modules) && !(s.test && (in(testModules()) || s.outside())) {
		report("%s: floor %q does not use %s", s.path, floor.name, full)
	}
}

// checkBans finds what a floor's sources never import or call.
func checkBans(floors []storey, files []source, report func(string, ...any)) {
	for _, s := range files {
		at, ok := floorOf(floors, s.dir)
		if !ok || s.test {
			continue
		}
		imports := s.imports()
		for _, b := range floors[at].bans {
			for _, full := range slices.Sorted(maps.Values(imports)) {
				if slices.Contains(b.imports, full) {
					report("%s: floor %q never imports %s: %s", s.path, floors[at].name, full, b.why)
				}
			}
			checkCalls(s, imports, b, report)
		}
	}
}

func checkCalls(s source, imports map[string]string, b ban, report func(string, ...any)) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, ok := sel.X.(*ast.Ident)
		if !ok {
			return true
		}
		names, name := b.calls[imports[pkg.Name]], sel.Sel.Name
		if slices.Contains(names, name) || (slices.Contains(names, "*") && !slices.Contains(b.allowed, name)) {
			report("%s:%d: %s.%s is banned here: %s", s.path, s.line(sel.Pos()), pkg.Name, name, b.why)
		}
		return true
	})
}

// checkPretenders keeps simulated crews and the demo's sign-in out of the reach of a live centre.
func checkPretenders(files []source, report func(string, ...any)) {
	for _, s := range files {
		for _, full := range s.imports() {
			dir, ours := strings.CutPrefix(full, module)
			if !ours || !slices.ContainsFunc(strings.Split(dir, "/"), func(part string) bool { return slices.Contains(pretenders(), part) }) {
				continue
			}
			serves := strings.HasPrefix(path.Base(s.path), "serve")
			if !s.outside() && dir != s.dir && (serves || !slices.Contains(pretendersMay(), s.dir)) {
				report("%s: imports %s; a live centre must not be able to reach it", s.path, dir)
			}
		}
	}
}
