// Package centre reads a centre's folder of YAML into an org.Charter: who the centre is, its types, units,
// departments and stations. A folder is an input only; what it says becomes facts, and nothing decides from the
// files afterwards. The package must never guess: what it does not understand it names, with file, line and
// remedy, and a folder with problems is not to be used.
package centre

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"shuniu/internal/org"
)

// The files of a folder. The first four are required.
const (
	centreYAML = "centre.yaml"   // Id, name, figures and the lists that forms offer.
	typesYAML  = "types.yaml"    // Types, tags and priorities.
	unitsYAML  = "units.yaml"    // Kinds and units.
	orgYAML    = "org.yaml"      // Departments, brigades, stations, places and areas.
	plansYAML  = "plans.yaml"    // Response plans; optional.
	coverYAML  = "cover.yaml"    // Classes of cover; optional.
	wordsYAML  = "commands.yaml" // Words of its own for the command line; optional.
	intakeYAML = "intake.yaml"   // What the form of a call needs: words, questions, scripts; optional.
)

// Sizes beyond any honest folder. They keep a wrong path from filling the memory.
const (
	yamlBytesMax = 1 << 20  // One YAML file: 1 MiB.
	geoBytesMax  = 64 << 20 // One GeoJSON file: 64 MiB.
)

// Options say where files may lie that are not part of the folder.
type Options struct {
	DataDir string // Where GeoJSON files are looked for after the folder itself. Empty means nowhere else.
}

// Problem is one thing wrong with a folder, with the place to mend it.
type Problem struct {
	File   string // Relative to the folder, or the path of a file from DataDir.
	Line   int    // From 1; 0 when the whole file is meant.
	Column int    // From 1, in characters; 0 when the whole line is meant.
	Text   string // What is wrong.
	Remedy string // What to do now.
}

// String is the problem as a compiler would print it.
func (p Problem) String() string {
	at := p.File
	if p.Line > 0 {
		at = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s: %s — %s", at, p.Text, p.Remedy)
}

// Folder is a folder as it was read.
type Folder struct {
	Dir     string
	Charter org.Charter // Its Settings.Hash is the SHA-256, in hex, over the names and bytes of Files.
	Files   []string    // What was read, in this order.
}

// Load reads the folder at dir. The charter must not be used when there is a problem.
func Load(dir string, opts Options) (org.Charter, []Problem) {
	f, problems := Read(dir, opts)
	return f.Charter, problems
}

// Read is Load with the names of the files. Problems come in the order of the files and lines.
func Read(dir string, opts Options) (Folder, []Problem) {
	l := &loader{dir: dir, opts: opts, at: map[spot]place{}, alias: map[string]spot{}}
	var c centreFile
	var t typesFile
	var u unitsFile
	var o orgFile
	var p plansFile
	var v coverFile
	var w wordsFile
	var in intakeFile
	l.yaml(centreYAML, &c)
	l.yaml(typesYAML, &t)
	l.yaml(unitsYAML, &u)
	l.yaml(orgYAML, &o)
	l.yamlIfThere(plansYAML, &p)
	l.yamlIfThere(coverYAML, &v)
	l.yamlIfThere(wordsYAML, &w)
	l.yamlIfThere(intakeYAML, &in)
	if len(l.problems) == 0 { // What follows from a misread file would only hide the cause.
		l.settings(c)
		l.types(t)
		l.intake(in)
		l.organisation(o)
		l.units(u)
		l.plans(p)
		l.cover(v)
		l.macros(w)
		l.cross()
	}
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(l.rank(a.File), l.rank(b.File)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	l.charter.Settings.Hash = l.hash()
	return Folder{Dir: dir, Charter: l.charter, Files: l.names()}, l.problems
}

// spot is a value of a file, by its path in it: "types[3].need[0].count".
type spot struct{ file, path string }

// place is where a value stands in its file.
type place struct{ line, column int }

// file is one file as it was read.
type file struct {
	name string
	data []byte
}

// loader carries one reading of a folder.
type loader struct {
	dir      string
	opts     Options
	files    []file
	at       map[spot]place  // Where each value stands.
	alias    map[string]spot // What org calls "types[knife]" is the spot "types[3]" of types.yaml.
	charter  org.Charter
	posts    posts
	problems []Problem
}

// read keeps a file of the folder; what cannot be read is a problem.
func (l *loader) read(name, path string, bytesMax int64) ([]byte, bool) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		l.problems = append(l.problems, Problem{File: name, Text: "the file cannot be read: " + cause(err), Remedy: "a centre's folder needs it; check the path and who may read it"})
		return nil, false
	case !info.Mode().IsRegular() || info.Size() > bytesMax:
		l.problems = append(l.problems, Problem{File: name, Text: fmt.Sprintf("it is no file, or larger than %d MiB", bytesMax>>20), Remedy: "give the right file"})
		return nil, false
	}
	data, err := os.ReadFile(path) //nolint:gosec // reading the folder that the operator names is the purpose
	if err != nil {
		l.problems = append(l.problems, Problem{File: name, Text: "the file cannot be read: " + cause(err), Remedy: "check who may read it"})
		return nil, false
	}
	l.files = append(l.files, file{name: name, data: data})
	return data, true
}

// yaml reads one file of the folder into the value that out points to.
func (l *loader) yaml(name string, out any) {
	data, ok := l.read(name, filepath.Join(l.dir, name), yamlBytesMax)
	if !ok {
		return
	}
	root, problem := parse(name, data)
	if problem != nil {
		l.problems = append(l.problems, *problem)
		return
	}
	d := &decoder{file: name, at: l.at}
	d.decode(root, out)
	l.problems = append(l.problems, d.problems...)
}

// yamlIfThere reads a file that a folder may lack.
func (l *loader) yamlIfThere(name string, out any) {
	if _, err := os.Stat(filepath.Join(l.dir, name)); !errors.Is(err, fs.ErrNotExist) {
		l.yaml(name, out) // One that is there but cannot be read is a problem.
	}
}

// rank sorts problems by the order in which a person fills a folder.
func (l *loader) rank(name string) int {
	if i := slices.Index([]string{centreYAML, typesYAML, orgYAML, unitsYAML, plansYAML, coverYAML, intakeYAML}, name); i >= 0 {
		return i
	}
	return len(l.files) + 7
}

func (l *loader) names() []string {
	var names []string
	for _, f := range l.files {
		names = append(names, f.name)
	}
	return names
}

// hash covers names and sizes too, so that bytes cannot wander from one file to the next unseen.
func (l *loader) hash() string {
	sum := sha256.New()
	for _, f := range l.files {
		_, _ = fmt.Fprintf(sum, "%s\x00%d\x00", f.name, len(f.data)) // A hash never fails to take bytes.
		_, _ = sum.Write(f.data)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
