package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mattn/go-isatty"

	"shuniu/internal/fault"
	"shuniu/internal/founding"
	"shuniu/internal/intake"
	"shuniu/internal/osm"
	"shuniu/internal/survey"
)

// importCommand makes a centre's folder of public data, step by step. docs/DATA.md says where to find such data.
type importCommand struct {
	Centre importCentreCommand `cmd:"" help:"Make the folder of a new centre: the smallest that works.\n\nExample: shuniu import centre var/riverside --id riverside --en 'Riverside Dispatch' --zone America/Los_Angeles"`
	OSM    importOSMCommand    `cmd:"" name:"osm" help:"Check a map extract, say what is in it, and put it into a centre's folder.\n\nExample: shuniu import osm riverside.osm.pbf --dry-run\nExample: shuniu import osm riverside.osm.pbf --centre var/riverside"`
	Areas  importAreasCommand  `cmd:"" help:"Read the areas of stations from a GeoJSON file, say how they fit together, and put them into a centre's folder.\n\nExample: shuniu import areas districts.geojson --centre var/riverside --property DISTRICT --stations --map areas.svg"`
	Units  importUnitsCommand  `cmd:"" help:"Read units from a CSV file with a header, and put them in the place of a folder's own.\n\nExample: shuniu import units units.csv --centre var/riverside --add-kinds\n\nA mapping is YAML and says which column means what; what it leaves out is not read:\n\n  {call_sign: Unit, kind: Type, station: Home, people: Crew, kinds: {ENG: engine}}"`
	Calls  importCallsCommand  `cmd:"" help:"Read recorded calls, say what is in them and what the centre understands of it, and put them into its folder for demo and replay.\n\nExample: shuniu import calls calls.csv --centre var/riverside --suggest > mapping.yaml\nExample: shuniu import calls calls.csv --centre var/riverside --mapping mapping.yaml"`
}

// writing is how every step may write.
type writing struct {
	DryRun bool `help:"Write nothing; say what would be written."`
	Force  bool `help:"Replace files that are there; the old ones are kept beside as .bak, .bak2 and so on."`
}

func (w writing) mode() founding.Mode { return founding.Mode{DryRun: w.DryRun, Force: w.Force} }

type importCentreCommand struct {
	Dir     string `arg:"" help:"The folder to make."`
	ID      string `help:"Short name for files and addresses: small letters, digits, _ and -." required:"" placeholder:"ID"`
	ZH      string `help:"Name in Chinese." name:"zh" placeholder:"NAME"`
	EN      string `help:"Name in English." name:"en" placeholder:"NAME"`
	Zone    string `help:"Time zone, an IANA name such as Asia/Shanghai." required:"" placeholder:"ZONE"`
	writing `embed:""`
}

// Run makes a new folder.
func (c *importCentreCommand) Run(s session) error {
	done, err := founding.New(c.Dir, founding.Centre{ID: c.ID, ZH: c.ZH, EN: c.EN, Zone: c.Zone}, c.mode())
	return errors.Join(c.tell(s, done), err)
}

func (c *importCentreCommand) tell(s session, done []string) error {
	for _, l := range done {
		if _, err := fmt.Fprintln(s.out, l); err != nil {
			return err
		}
	}
	return nil
}

type importOSMCommand struct {
	File    string `arg:"" help:"Map file: .osm or .osm.pbf, plain or compressed."`
	Centre  string `help:"Folder of the centre. Without it the file is only checked." placeholder:"DIR"`
	writing `embed:""`
}

// Run checks an extract and keeps it.
func (c *importOSMCommand) Run(s session) error {
	if c.Centre == "" && !c.DryRun {
		return fault.New("shuniu import osm", fault.Invalid, "no folder is named").Mend("give --centre DIR, or --dry-run to look only")
	}
	bar := newBar(s.err, "reading "+filepath.Base(c.File))
	return founding.OSM(s.ctx, c.File, c.Centre, c.mode(), bar.bytes, bar.behind(s.out))
}

type importAreasCommand struct {
	File     string `arg:"" help:"GeoJSON file with polygons."`
	Centre   string `help:"Folder of the centre." required:"" placeholder:"DIR"`
	Property string `help:"Property of each feature that tells the areas apart; features with the same are one area." required:"" placeholder:"KEY"`
	Name     string `help:"Property with the name to show, if it is another." placeholder:"KEY"`
	Stations bool   `help:"Make a station of each area. Without it each must belong to a station that is there, by id or name."`
	Map      string `help:"SVG picture of the areas to write, for any browser: overlaps red, holes hatched." placeholder:"FILE"`
	writing  `embed:""`
}

// Run reads areas, and draws them also when they are refused.
func (c *importAreasCommand) Run(s session) error {
	bar := newBar(s.err, "reading "+filepath.Base(c.File))
	o := founding.AreasOptions{Property: c.Property, Name: c.Name, Stations: c.Stations, Progress: bar.bytes}
	r, err := founding.Areas(c.File, c.Centre, o, c.mode(), bar.behind(s.out))
	if c.Map == "" || len(r.Areas) == 0 {
		return err
	}
	return errors.Join(err, c.draw(s, r))
}

func (c *importAreasCommand) draw(s session, r survey.Report) error {
	var extract *osm.Extract
	if path := founding.Streets(c.Centre); path != "" {
		var err error
		if extract, err = loadStreets(s.ctx, path); err != nil {
			return err
		}
	}
	return drawAreas(s, c.Map, filepath.Base(c.File), r, extract)
}

type importUnitsCommand struct {
	File     string `arg:"" help:"CSV file with a header, plain or gzip."`
	Centre   string `help:"Folder of the centre." required:"" placeholder:"DIR"`
	Mapping  string `help:"YAML file that says which column means what. Without it the columns are guessed, and said." placeholder:"FILE"`
	AddKinds bool   `help:"Words that are no kind of the folder become kinds that count as patrol."`
	Spread   bool   `help:"Units without a station and a place wait at the stations in turn."`
	writing  `embed:""`
}

// Run reads units.
func (c *importUnitsCommand) Run(s session) error {
	bar := newBar(s.err, "reading "+filepath.Base(c.File))
	o := founding.UnitsOptions{Mapping: c.Mapping, AddKinds: c.AddKinds, Spread: c.Spread, Progress: bar.bytes}
	return founding.Units(c.File, c.Centre, o, c.mode(), bar.behind(s.out))
}

type importCallsCommand struct {
	File    string `arg:"" help:"CSV file of recorded calls, plain or gzip."`
	Centre  string `help:"Folder of the centre." required:"" placeholder:"DIR"`
	Mapping string `help:"YAML file that says how to read them." placeholder:"FILE"`
	Strip   bool   `help:"Keep only the columns that the mapping reads; names and numbers of people stand in others."`
	Suggest bool   `help:"Print a mapping to begin with, guessed from the file; nothing is written."`
	writing `embed:""`
}

// Run reads calls, or offers a mapping for them.
func (c *importCallsCommand) Run(s session) error {
	switch {
	case c.Suggest:
		return founding.Suggest(c.File, c.Centre, s.out)
	case c.Mapping == "":
		return fault.New("shuniu import calls", fault.Invalid, "no mapping is named").
			Mend("print one to begin with: shuniu import calls " + c.File + " --centre " + c.Centre + " --suggest > mapping.yaml")
	}
	bar := newBar(s.err, "reading "+filepath.Base(c.File))
	return founding.ImportCalls(s.ctx, c.File, c.Mapping, c.Centre, c.Strip, c.mode(), func(p intake.Progress) { bar.rows(int64(p.Rows)) }, bar.behind(s.out))
}

// barEvery is how often a bar on a terminal is drawn again.
const barEvery = 100 * time.Millisecond

// quartersFrom is the size in bytes from which a log, too, is told how far a reading has come.
const quartersFrom = 10 << 20

// bar shows how far a reading has come: a line that is drawn again on a terminal; elsewhere, such as in a log, a line for
// each quarter of a large file, or for so many rows.
type bar struct {
	w        io.Writer
	what     string
	terminal bool
	last     time.Time
	quarters int
	turns    int64 // How often rowsEvery rows were told.
	open     bool  // A line is on the terminal that something else would be written behind.
}

func newBar(w io.Writer, what string) *bar {
	f, ok := w.(*os.File)
	return &bar{w: w, what: what, terminal: ok && isatty.IsTerminal(f.Fd())}
}

// bytes shows a share of a known size.
func (b *bar) bytes(read, total int64) {
	if total <= 0 {
		b.show(fmt.Sprintf("%.1f MB", float64(read)/1e6), false)
		return
	}
	const cells = 24
	share := min(float64(read)/float64(total), 1)
	if q := int(4 * share); !b.terminal && total >= quartersFrom && q > b.quarters {
		b.quarters = q
		_, _ = fmt.Fprintf(b.w, "%s: %d %%\n", b.what, 25*q) // Nobody can be told when the log is gone.
	}
	b.show(fmt.Sprintf("[%s%s] %3.0f %%", strings.Repeat("#", int(share*cells)), strings.Repeat(".", cells-int(share*cells)), 100*share), read >= total)
}

// rowsEvery is after how many rows a log is told again: some seconds of reading.
const rowsEvery = 100_000

// rows shows a count of which the end is not known.
func (b *bar) rows(n int64) {
	if turn := n / rowsEvery; !b.terminal && turn > b.turns {
		b.turns = turn
		_, _ = fmt.Fprintf(b.w, "%s: %d rows\n", b.what, n) // Nobody can be told when the log is gone.
	}
	b.show(fmt.Sprintf("%d rows", n), false)
}

func (b *bar) show(text string, last bool) {
	if !b.terminal || !last && time.Since(b.last) < barEvery {
		return
	}
	b.last, b.open = time.Now(), true
	_, _ = fmt.Fprintf(b.w, "\r%s %s\x1b[K", b.what, text) // Nobody can be told when the terminal is gone.
}

// behind is a writer that ends the bar's line before it writes.
func (b *bar) behind(w io.Writer) io.Writer { return &afterBar{b, w} }

type afterBar struct {
	b *bar
	w io.Writer
}

func (a *afterBar) Write(p []byte) (int, error) {
	if a.b.open {
		a.b.open = false
		_, _ = fmt.Fprintln(a.b.w)
	}
	return a.w.Write(p)
}
