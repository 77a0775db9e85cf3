package arch

import (
	"fmt"
	"strings"
	"testing"
)

// A rule that cannot fail protects nobody. Each row is a small tree, the rule that reads it, and a part of what the
// rule must say; an empty part means that the tree is in order.
func TestRulesCanFail(t *testing.T) {
	floors := func(f tree, r func(string, ...any)) { checkFloors(house(), f.sources(r), r) }
	bans := func(f tree, r func(string, ...any)) { checkBans(house(), f.sources(r), r) }
	pretend := func(f tree, r func(string, ...any)) { checkPretenders(f.sources(r), r) }
	packages := func(f tree, r func(string, ...any)) { checkPackages(f.sources(r), r) }
	tests := func(f tree, r func(string, ...any)) { checkTests(f.sources(r), r) }
	unit, desk := "internal/unit/unit.go", "internal/desk/desk.go"
	goFile := func(pkg string, lines ...string) string {
		return "package " + pkg + "\n" + strings.Join(lines, "\n") + "\n"
	}
	adr := func(section string) string { return "# A choice\n\n## " + section + "\n\nText.\n" }

	for _, tt := range []struct {
		name  string
		rule  func(tree, func(string, ...any))
		files tree
		says  string
	}{
		{"a desk uses a room", floors, tree{desk: goFile("desk", `import "shuniu/internal/unit"`)}, ""},
		{"a room uses the desk", floors, tree{unit: goFile("unit", `import "shuniu/internal/desk"`)}, "imports go down"},
		{"a room uses another room", floors, tree{unit: goFile("unit", `import "shuniu/internal/call"`)}, "both are on floor"},
		{"joint's upper half uses its lower", floors, tree{"internal/joint/dispatch/d.go": goFile("dispatch", `import "shuniu/internal/joint"`)}, ""},
		{"joint's lower half uses its upper", floors, tree{"internal/joint/j.go": goFile("joint", `import "shuniu/internal/joint/dispatch"`)}, "imports go down"},
		{"two reactors", floors, tree{"internal/reactor/notice/n.go": goFile("notice", `import "shuniu/internal/reactor/deadline"`)}, "both are on floor"},
		{"a package without a floor", floors, tree{"internal/attic/a.go": goFile("attic")}, "has no floor"},
		{"an import without a floor", floors, tree{desk: goFile("desk", `import "shuniu/internal/attic"`)}, "has no floor"},
		{"a room uses a library", floors, tree{unit: goFile("unit", `import "github.com/google/uuid"`)}, "does not use"},
		{"the desk uses a library", floors, tree{desk: goFile("desk", `import "golang.org/x/sync/errgroup"`)}, "does not use"},
		{"an adapter uses its library", floors, tree{"internal/api/a.go": goFile("api", `import "github.com/danielgtaylor/huma/v2/adapters/humago"`)}, ""},
		{"a test uses a test library", floors, tree{"internal/unit/u_test.go": goFile("unit", `import "pgregory.net/rapid"`)}, ""},
		{"an inside test reaches up", floors, tree{"internal/unit/u_test.go": goFile("unit", `import "shuniu/internal/desk"`)}, "imports go down"},
		{"an outside test reaches up", floors, tree{"internal/unit/u_test.go": goFile("unit_test", `import "shuniu/internal/desk"`)}, ""},
		{"a made world needs no floor", floors, tree{"testdata/worlds/town/main.go": goFile("main", `import "example.org/x"`)}, ""},

		{"a room cancels", bans, tree{unit: goFile("unit", `import "context"`)}, "never imports context"},
		{"a room reads files", bans, tree{unit: goFile("unit", `import _ "os"`)}, "never imports os"},
		{"a room asks the clock", bans, tree{unit: goFile("unit", `import "time"`, "var x = time.Now()")}, "time.Now is banned"},
		{"a room asks the clock by another name", bans, tree{unit: goFile("unit", `import t "time"`, "var x = t.Since")}, "t.Since is banned"},
		{"a room counts time", bans, tree{unit: goFile("unit", `import "time"`, "var x = 3 * time.Second")}, ""},
		{"a room throws dice", bans, tree{unit: goFile("unit", `import "math/rand/v2"`, "var x = rand.IntN(6)")}, "rand.IntN is banned"},
		{"a room is given dice", bans, tree{unit: goFile("unit", `import "math/rand/v2"`, "func f(r *rand.Rand) int { return r.IntN(6) }")}, ""},
		{"the desk asks the clock", bans, tree{desk: goFile("desk", `import "time"`, "var x = time.Now()")}, ""},

		{"the command wires crews", pretend, tree{"cmd/shuniu/demo.go": goFile("main", `import "shuniu/internal/reactor/crew"`)}, ""},
		{"serve wires crews", pretend, tree{"cmd/shuniu/serve.go": goFile("main", `import "shuniu/internal/reactor/crew"`)}, "live centre"},
		{"the api knows personas", pretend, tree{"internal/api/a.go": goFile("api", `import "shuniu/internal/policy/persona"`)}, "live centre"},

		{"a package without a comment", packages, tree{unit: goFile("unit")}, "no package comment"},
		{"a package with a comment", packages, tree{unit: "// Package unit is a room.\n" + goFile("unit")}, ""},
		{"a comment only in the test", packages, tree{unit: goFile("unit"), "internal/unit/u_test.go": "// Package unit.\n" + goFile("unit")}, "no package comment"},
		{"an empty name", packages, tree{"internal/utils/u.go": "// Package utils is a drawer.\n" + goFile("utils")}, "says nothing"},

		{"a test sleeps", tests, tree{"a_test.go": goFile("a", `import "time"`, "func f() { time.Sleep(1) }")}, "sleeps"},
		{"a test sleeps in stepped time", tests, tree{"a_test.go": goFile("a", `import ("time"; "testing/synctest")`, "func f() { synctest.Test(nil, func() { time.Sleep(1) }) }")}, ""},
		{"a test is skipped silently", tests, tree{"a_test.go": goFile("a", "func f() { t.Skip() }")}, "without a reason"},
		{"a test is skipped with nothing", tests, tree{"a_test.go": goFile("a", "func f() { t.Skip(` `) }")}, "without a reason"},
		{"a test is skipped now", tests, tree{"a_test.go": goFile("a", "func f() { b.SkipNow() }")}, "without a reason"},
		{"a test is skipped with a word", tests, tree{"a_test.go": goFile("a", "func f() { t.Skip(`no disk`) }")}, ""},

		{"decisions in order", checkDecisions, tree{"docs/adr/0000-template.md": adr("Decision"), "docs/adr/0001-journal.md": adr("Decision")}, ""},
		{"a number is missing", checkDecisions, tree{"docs/adr/0000-template.md": adr("Decision"), "docs/adr/0002-x.md": adr("Decision")}, "0001 comes next"},
		{"a number twice", checkDecisions, tree{"docs/adr/0000-a.md": adr("Decision"), "docs/adr/0000-b.md": adr("Decision")}, "0001 comes next"},
		{"context first", checkDecisions, tree{"docs/adr/0000-a.md": adr("Context")}, "Decision comes first"},
		{"a decision without a number", checkDecisions, tree{"docs/adr/why.md": adr("Decision")}, "NNNN-title.md"},

		{"a machine's path", checkText, tree{"a.md": "see /wo" + "rk/main"}, "one machine"},
		{"a web address is no machine's path", checkText, tree{"a.md": "https://example.org/wo" + "rk/main and docs/wo" + "rk/a"}, ""},
		{"a registry", checkText, tree{".npmrc": "https://registry.npm" + "js.org/"}, "registry host"},
		{"a lock file with addresses", checkText, tree{"package-lock.json": `  "resol` + `ved": "https://example.org/a.tgz"`}, "lock file"},
		{"an unfinished thought", checkText, tree{"a.go": "// TO" + "DO: finish"}, "unfinished"},

		{"a console room uses the shared folders", checkConsole, tree{"console/src/rooms/unit/Unit.tsx": "import { a } from '../../api/live'\nimport { b } from './b'\nimport c from 'react'\n"}, ""},
		{"a console room uses another", checkConsole, tree{"console/src/rooms/unit/Unit.tsx": "import { a } from '../incident/a'\n"}, "imports room incident"},
		{"a console room uses the app", checkConsole, tree{"console/src/rooms/unit/Unit.tsx": "import {\n  a,\n} from '@/app/a'\n"}, "imports only"},
		{"a console room leaves the source", checkConsole, tree{"console/src/rooms/unit/Unit.tsx": "import a from '../../../mock/a'\n"}, "outside of src"},
		{"the map owns its library", checkConsole, tree{"console/src/map/MapView.tsx": "import maplibregl from 'maplibre-gl'\n"}, ""},
		{"a layer takes the map library", checkConsole, tree{"console/src/map/layers.ts": "import 'maplibre-gl/dist/a.css'\n"}, "only map/MapView.tsx"},
		{"the journeys' helper drives", checkConsole, tree{"console/e2e/browser.ts": "import { chromium } from 'playwright-core'\n"}, ""},
		{"the console drives a browser", checkConsole, tree{"console/src/app/a.ts": "const a = await import('playwright-core')\n"}, "lives in console/e2e"},
		{"two drive", checkConsole, tree{"console/e2e/a.ts": "import a from 'playwright'\n", "console/e2e/b.ts": "import a from 'playwright'\n"}, "one helper owns it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var said []string
			tt.rule(tt.files, func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) })
			all := strings.Join(said, "\n")
			switch {
			case tt.says == "" && len(said) > 0:
				t.Errorf("in order, but the rule says: %s", all)
			case tt.says != "" && !strings.Contains(all, tt.says):
				t.Errorf("the rule says %q, not %q", all, tt.says)
			}
		})
	}
}

// The ratchet accepts what was long before, refuses what newly became long, and ignores what is short.
func TestRatchetTurnsOneWay(t *testing.T) {
	const before = "# comment\n120 func a.go A\n90 func b.go B\n700 file a.go\n"
	for _, tt := range []struct {
		name    string
		now     length
		refused bool
	}{
		{"known and long", length{"func a.go A", 120}, false},
		{"new below the level", length{"func c.go C", 90}, false},
		{"new above the level", length{"func c.go C", 91}, true},
		{"a file's level is not a function's", length{"file c.go", 701}, true},
		{"a short file", length{"file c.go", 399}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			refused := false
			checkRatchet(before, []length{tt.now}, functionLinesFree, func(string, ...any) { refused = true })
			if refused != tt.refused {
				t.Errorf("refused: %v", refused)
			}
		})
	}
	var none strings.Builder
	checkRatchet("", []length{{"func a.go A", functionLinesFree}}, functionLinesFree, func(f string, a ...any) { fmt.Fprintf(&none, f, a...) })
	if none.Len() > 0 {
		t.Errorf("within the free length, but refused: %s", none.String())
	}
}
