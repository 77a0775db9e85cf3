// Command shuniu is the dispatch platform: the server of a centre, its demo, and the tools beside it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // Centres name their time zone; a small machine may have no list of them.

	"github.com/alecthomas/kong"

	"shuniu/internal/fault"
)

//go:generate go run . openapi --out ../../api/openapi.json

// version is set when the program is built.
var version = "unknown" //nolint:gochecknoglobals // The linker writes it.

// commands is the whole command line. Its tags are the help.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run a live centre.\n\nExample: shuniu serve --centre centres/yunze --data var/live --streets city.osm.pbf"`
	Demo    demoCommand    `cmd:"" help:"Run a city that lives by itself, to look at and to try.\n\nExample: shuniu demo --speed 20\nExample: shuniu demo --from ../shared/data/sf\nExample: shuniu demo --centre var/riverside"`
	Verify  verifyCommand  `cmd:"" help:"Check a data folder against damage and tampering, at rest or beside a running service.\n\nExample: shuniu verify --data var/live\nExample: shuniu verify --data var/live --heads /media/witness/heads.log --json"`
	Check   checkCommand   `cmd:"" help:"Check a centre's folder and say what is in it.\n\nExample: shuniu check centres/yunze\nExample: shuniu check centres/yunze --map areas.svg"`
	Plan    planCommand    `cmd:"" help:"Try out response plans."`
	Import  importCommand  `cmd:"" help:"Make a centre's folder of public data: streets, areas, units, recorded calls. docs/DATA.md says where to find them."`
	Replay  replayCommand  `cmd:"" help:"Play recorded calls through the real desk, without a clock, and print figures.\n\nExample: shuniu replay --calls calls.csv.gz --mapping centres/sf/mapping.yaml --streets streets.osm.gz --centre centres/sf --data . --json\nExample: shuniu replay --centre var/riverside"`
	Callers callersCommand `cmd:"" help:"Make simulated calls: the table of their shares beside the published ones, or a file of them.\n\nExample: shuniu callers --centre centres/yunze --streets testdata/worlds/lanhu.osm\nExample: shuniu callers --centre centres/yunze --streets testdata/worlds/lanhu.osm --days 1 --surge storm --factor 10 --csv calls.csv"`
	Fit     fitCommand     `cmd:"" name:"calibrate" help:"Fit speeds by road class and hour to the recorded driving times of a centre, and print the error on days that were not fitted, before and after.\n\nExample: shuniu calibrate --from ../shared/data/sf\nExample: shuniu calibrate --centre var/riverside --fit-days 20 --out var/riverside/speeds.yaml"`
	Route   routeCommand   `cmd:"" help:"Find the fastest ways for pairs of places, on a list of arcs or on a map."`
	Bench   benchCommand   `cmd:"" help:"Measure the promised figures on this machine, a JSON object a line.\n\nExample: shuniu bench commands --json"`
	Study   studyCommand   `cmd:"" help:"Answer what is asked before a shift: how busy units will be, where posts should stand, how long callers wait. On anybody's numbers."`
	World   worldCommand   `cmd:"" help:"Make an invented Chinese city to drill and to measure in: a map with streets, houses and numbers, and a centre for it. Outlines of beats lie beside them for drawing; a centre does not read them yet.\n\nExample: shuniu world --seed 7 --size district --out var/world/district-7\nExample: shuniu world --size metropolis --out var/world/metropolis-1"`

	Bulletin bulletinCommand `cmd:"" help:"Make the bulletin (通报) that a bureau publishes about itself: received and valid, how soon orders were signed for, crews departed and somebody fed back, what is unfinished, who is slow, what is rising. For any period, whole or for one unit.\n\nExample: shuniu bulletin --data var/live\nExample: shuniu bulletin --calls calls.csv.gz --mapping centres/sf/mapping.yaml --centre centres/sf\nExample: shuniu bulletin --data var/live --from 2030-06-03 --to 2030-06-10 --unit st4 --json"`

	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"Write the contract of the API.\n\nExample: shuniu openapi > openapi.json"`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// session is what every command works with.
type session struct {
	ctx context.Context
	out io.Writer
	err io.Writer
	log *slog.Logger
}

// say prints a line for the person at the terminal. Nobody can be told when the terminal is gone.
func (s session) say(format string, args ...any) { _, _ = fmt.Fprintf(s.err, format+"\n", args...) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main without the process: 0 is success, 1 a failure, 2 a wrong command line.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var cmd commands
	code := -1
	parser, err := kong.New(&cmd, kong.Name("shuniu"), kong.UsageOnError(), kong.Writers(out, errs),
		kong.Description("Shuniu, the dispatch platform of a command centre. Each command explains itself with --help."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Exit(func(c int) { code = c }))
	if err != nil {
		_, _ = fmt.Fprintln(errs, "shuniu:", err)
		return 1
	}
	parsed, err := parser.Parse(args)
	switch {
	case code >= 0: // Help was asked for and printed.
		return code
	case err != nil:
		_, _ = fmt.Fprintf(errs, "shuniu: %v\nshuniu: try shuniu --help\n", err)
		return 2
	}
	s := session{ctx: ctx, out: out, err: errs, log: slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if err := parsed.Run(s); err != nil {
		explain(errs, err)
		var wrong wrongInput
		if errors.As(err, &wrong) {
			return 2
		}
		return 1
	}
	return 0
}

// explain prints an error with what to do now.
func explain(w io.Writer, err error) {
	text := err.Error()
	if !strings.HasPrefix(text, "shuniu: ") && !strings.HasPrefix(text, "shuniu ") { // It names us itself.
		text = "shuniu: " + text
	}
	_, _ = fmt.Fprintln(w, text)
	var f *fault.Error
	if errors.As(err, &f) && f.Remedy != "" {
		_, _ = fmt.Fprintln(w, "shuniu: what to do:", f.Remedy)
	}
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(s session) error {
	_, err := fmt.Fprintln(s.out, version)
	return err
}
