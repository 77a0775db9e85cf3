package arch

// storey is one level of the house. A package imports only packages of lower storeys; packages of one storey do
// not import each other. Storeys with the same number in their name are one floor, split where an order is needed.
type storey struct {
	name     string
	packages []string // Folders below the module's root. A name ending in /* stands for each folder in it.
	modules  []string // External modules that its sources may import; its tests may also import testModules.
	bans     []ban    // What its sources never do.
}

// ban is a set of imports and calls with the reason that the failing test prints.
type ban struct {
	why     string
	imports []string            // Import paths.
	calls   map[string][]string // Import path to the names that may not be used; "*" bans all but allowed.
	allowed []string            // With "*": the names that may be used.
}

// The bans. Clock, disk, network and chance arrive as arguments, so that replay gives the same bytes.
func noEdges() ban {
	return ban{
		why:     "decide purely, act at the edge: clock, disk, network and chance arrive as arguments",
		imports: []string{"database/sql", "net", "net/http", "os", "os/exec", "log", "log/slog", "math/rand", "crypto/rand", "syscall"},
	}
}

func noContext() ban {
	return ban{why: "a room decides in microseconds and cannot be cancelled", imports: []string{"context"}}
}

func noClock() ban {
	return ban{
		why: "the desk has the only clock",
		calls: map[string][]string{
			"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
		},
	}
}

func noChance() ban {
	return ban{
		why:     "global chance cannot be replayed: take a *rand.Rand",
		calls:   map[string][]string{"math/rand/v2": {"*"}},
		allowed: []string{"Rand", "Source", "New", "NewPCG", "NewChaCha8", "PCG", "ChaCha8"},
	}
}

// house lists every package, lowest first. A package that is not here has no floor, and the test fails.
func house() []storey {
	pure := []ban{noEdges(), noClock(), noChance()}
	room := append([]ban{noContext()}, pure...)
	return []storey{
		{name: "0 words", packages: []string{"internal/fault", "internal/columns"}, bans: room},
		{name: "0 words, upper", packages: []string{"internal/cad"}, bans: room}, // A bad id is a fault.
		{name: "1 ground", packages: []string{"internal/geo", "internal/journal", "internal/hierarchy"}, modules: []string{"golang.org/x/mod"}, bans: []ban{noClock(), noChance()}},
		{name: "1 data of tests", packages: []string{"internal/publicdata"}},
		{name: "1 contract tests", packages: []string{"internal/journal/journaltest"}, modules: []string{"pgregory.net/rapid", "golang.org/x/mod"}},
		{
			name:     "1 ground, upper",
			packages: []string{"internal/street", "internal/memstore", "internal/survey"},
			modules:  []string{"github.com/tidwall/rtree", "golang.org/x/mod"},
		},
		{name: "1 reckoning", packages: []string{"internal/demand", "internal/study", "internal/bulletin"}, bans: pure}, // Figures about places, hours and posts; no room knows them.
		{name: "1 reckoning, of calls", packages: []string{"internal/hint"}, bans: pure},                                // What a call may be; no room knows it.
		{name: "1 reckoning, upper", packages: []string{"internal/cover", "internal/media"}, bans: pure},
		{
			name:     "2 rooms",
			packages: []string{"internal/call", "internal/incident", "internal/assignment", "internal/unit", "internal/org", "internal/alarm", "internal/order", "internal/report"},
			bans:     room,
		},
		{name: "3 joint", packages: []string{"internal/joint"}, bans: pure},
		{name: "3 joint, upper", packages: []string{"internal/joint/*"}, bans: pure},
		{name: "3 trials", packages: []string{"internal/trial"}, bans: pure}, // What would have been: calls again with the same advice, without a desk.
		{
			name:     "3 views",
			packages: []string{"internal/board", "internal/archive", "internal/measure"},
			modules:  []string{"modernc.org/sqlite"},
		},
		{name: "4 desk", packages: []string{"internal/desk"}}, // The writer imports no library but the standard one.
		{name: "4 track", packages: []string{"internal/track"}, modules: []string{"github.com/tidwall/rtree", "github.com/tidwall/geoindex"}},
		{name: "4 past", packages: []string{"internal/past"}}, // What stood on the board: folded again from what the desk wrote down.
		{name: "5 adapters, lower", packages: []string{"internal/keyfile", "internal/blobfile", "internal/draft", "internal/postgres/pgtest"}, modules: []string{"golang.org/x/sys"}}, // Keys and files, kept apart from every store.
		{
			name: "5 adapters",
			packages: []string{
				"internal/sqlite", "internal/postgres", "internal/policy", "internal/osm", "internal/centre",
				"internal/intake", "internal/console", "internal/reactor/*",
			},
			modules: []string{
				"modernc.org/sqlite",
				"github.com/jackc/pgx/v5", "github.com/goccy/go-yaml", "golang.org/x/mod", "golang.org/x/sync", "golang.org/x/sys", "golang.org/x/text",
			},
		},
		{
			name:     "5 maps", // What is drawn and found on the map that osm reads.
			packages: []string{"internal/tile", "internal/gazetteer"},
			modules:  []string{"github.com/paulmach/orb", "github.com/tidwall/rtree", "github.com/mozillazg/go-pinyin", "golang.org/x/text"},
		},
		{name: "5 founding", packages: []string{"internal/founding"}, modules: []string{"github.com/goccy/go-yaml"}}, // It makes a centre's folder of what adapters read.
		{name: "5 telephone", packages: []string{"internal/telephone"}},
		{name: "5 telephone tests", packages: []string{"internal/telephone/telephonetest"}},
		{
			name:     "5 front door", // It shapes what adapters give for clients; nothing but the wiring imports it.
			packages: []string{"internal/api"},
			modules:  []string{"github.com/danielgtaylor/huma/v2", "github.com/google/uuid"},
		},
		{name: "6 demo sign-in", packages: []string{"internal/persona"}},
		{name: "6 worlds, lower", packages: []string{"internal/world", "internal/callers"}, modules: []string{"github.com/goccy/go-yaml"}, bans: []ban{noChance()}},
		{
			name:     "6 worlds",
			packages: []string{"internal/sim", "internal/bench", "internal/faults"},
			// The bench measures a bare loop over the same driver: the limit that a store could reach.
			modules: []string{"modernc.org/sqlite", "github.com/jackc/pgx/v5", "github.com/google/uuid", "golang.org/x/sync", "golang.org/x/sys"},
		},
		{
			name:     "6 command",
			packages: []string{"cmd/shuniu"},
			modules:  []string{"github.com/alecthomas/kong", "github.com/dustin/go-humanize", "github.com/mattn/go-isatty", "golang.org/x/sys"},
		},
		{name: "rules", packages: []string{"internal/arch"}},
	}
}

// testModules are the libraries that any test may use.
func testModules() []string {
	return []string{"pgregory.net/rapid", "github.com/anishathalye/porcupine", "github.com/cockroachdb/datadriven"}
}

// pretenders are folders that act as someone: simulated crews and callers, the demo's sign-in. Only pretendersMay
// import them, and in cmd/shuniu no file of `serve` may: a live centre has no way to reach them.
func pretenders() []string { return []string{"crew", "crews", "callers", "persona", "personas"} }

func pretendersMay() []string {
	return []string{"cmd/shuniu", "internal/sim", "internal/bench"}
}

// emptyNames say nothing about what is inside.
func emptyNames() []string {
	return []string{"models", "model", "utils", "util", "services", "common", "helpers", "helper", "misc"}
}

// consoleRoomsMay lists the folders of console/src that a room of the console imports; never another room.
func consoleRoomsMay() []string { return []string{"api", "map", "ui", "lib", "i18n"} }

// consoleDrivers lists the folders in which one file may drive a browser: the journeys, the pictures for docs, and the figures.
func consoleDrivers() []string { return []string{"console/e2e", "console/screens", "console/bench"} }

// The ratchet: nothing up to these lengths is ever refused, whatever the present level is.
const (
	functionLinesFree = 70
	fileLinesFree     = 400
	longestShown      = 10
)
