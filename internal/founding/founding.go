// Package founding makes a centre's folder out of public data: streets, areas, units and recorded calls, one after the
// other. Each step reads, says what it found, and leaves a folder that can be loaded, or writes nothing at all. It must
// never replace a file that a person has edited without being told to, and never without keeping the old one.
package founding

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"shuniu/internal/centre"
	"shuniu/internal/fault"
)

// Files of a folder that are no part of the centre itself. The commands look for them when no other file is named.
const (
	CallsFile   = "calls.csv.gz"
	MappingFile = "mapping.yaml"
)

// streetsFiles are the names that a folder's map may have.
func streetsFiles() []string { return []string{"streets.osm.gz", "streets.osm.pbf", "streets.osm"} }

// Streets is the map file of a centre's folder; empty when it has none.
func Streets(dir string) string { return first(dir, streetsFiles()...) }

// Calls are the recorded calls of a centre's folder and how to read them; both empty when one of them is missing.
func Calls(dir string) (calls, mapping string) {
	calls, mapping = first(dir, CallsFile), first(dir, MappingFile)
	if calls == "" || mapping == "" {
		return "", ""
	}
	return calls, mapping
}

func first(dir string, names ...string) string {
	for _, name := range names {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}

// Mode says how a step may write.
type Mode struct {
	DryRun bool // Write nothing, say what would be written.
	Force  bool // Replace files that are there; the old ones are kept beside with .bak, .bak2 and so on behind their names.
}

// source is new content of one file.
type source struct {
	name  string
	write func(io.Writer) error
	owned bool // Part of a file that the step knows how to change: replacing it needs no Force.
}

func text(name string, data []byte, owned bool) source {
	return source{name: name, owned: owned, write: func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}}
}

// put writes files into a folder, all or none: each whole beside its place first, then all are moved. It gives a line for
// each file. With yaml among them, the folder as it would be is checked before anything is moved.
func put(dir string, mode Mode, sources ...source) (done []string, err error) {
	for _, s := range sources {
		if _, err := os.Lstat(filepath.Join(dir, s.name)); err == nil && !s.owned && !mode.Force {
			return nil, fault.New("shuniu import", fault.Conflict, "%s is there already", filepath.Join(dir, s.name)).
				Mend("with --force it is replaced, and the old one kept beside it as " + backup(dir, s.name))
		}
	}
	if err := rehearse(dir, sources); err != nil {
		return nil, err
	}
	if mode.DryRun {
		for _, s := range sources {
			done = append(done, "would write "+filepath.Join(dir, s.name)+kept(dir, s.name, ", keeping the old one as "))
		}
		return done, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // A centre's folder is read by whoever works on it.
		return nil, unwritable(err)
	}
	defer func() {
		for _, s := range sources { // What was not moved.
			_ = os.Remove(filepath.Join(dir, s.name+".part"))
		}
	}()
	for _, s := range sources {
		if err := part(filepath.Join(dir, s.name+".part"), s); err != nil {
			return nil, err
		}
	}
	for _, s := range sources {
		line := "wrote " + filepath.Join(dir, s.name) + kept(dir, s.name, ", the old one is ")
		if err := move(dir, s.name, backup(dir, s.name)); err != nil {
			return done, unwritable(err)
		}
		done = append(done, line)
	}
	return done, nil
}

// kept says where the file that was there goes.
func kept(dir, name, words string) string {
	if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
		return ""
	}
	return words + backup(dir, name)
}

// backup is the first free name for the file that was there. An older one may be what a person wrote, so it stays.
func backup(dir, name string) string {
	free := name + ".bak"
	for n := 2; ; n++ {
		if _, err := os.Lstat(filepath.Join(dir, free)); err != nil { // Where nobody can look, nothing can be moved either.
			return free
		}
		free = fmt.Sprintf("%s.bak%d", name, n)
	}
}

func unwritable(err error) error {
	return fault.Wrap("shuniu import", fault.Unavailable, err, "the folder cannot be written: %v", err).
		Mend("make room or give yourself the right to write there; nothing is lost, .bak files are what was there before")
}

// part writes one file whole and durable, under another name.
func part(path string, s source) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644) //nolint:gosec // A centre's folder is read by whoever works on it.
	if err != nil {
		return unwritable(err)
	}
	err = s.write(f)
	if err == nil {
		err = f.Sync()
	}
	var f2 *fault.Error
	switch err = errors.Join(err, f.Close()); {
	case errors.As(err, &f2):
		return f2
	case err != nil:
		return unwritable(err)
	}
	return nil
}

// move puts a file that part wrote into its place, and the one that was there under the name old.
func move(dir, name, old string) error {
	path := filepath.Join(dir, name)
	if _, err := os.Lstat(path); err == nil {
		if err := os.Rename(path, filepath.Join(dir, old)); err != nil {
			return err
		}
	}
	if err := os.Rename(path+".part", path); err != nil {
		return err
	}
	d, err := os.Open(dir) //nolint:gosec // The folder that the operator named.
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// rehearse loads the folder as it would be, in a folder of its own, and refuses what would break it.
func rehearse(dir string, sources []source) error {
	if !slices.ContainsFunc(sources, func(s source) bool {
		return strings.HasSuffix(s.name, ".yaml") || strings.HasSuffix(s.name, ".geojson")
	}) {
		return nil
	}
	stage, err := os.MkdirTemp("", "shuniu-import-")
	if err != nil {
		return unwritable(err)
	}
	defer os.RemoveAll(stage) //nolint:errcheck // A leftover in the system's own folder for such.
	old, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, path := range old {
		if ext := filepath.Ext(path); ext != ".yaml" && ext != ".geojson" {
			continue
		}
		data, err := os.ReadFile(path) //nolint:gosec // The folder that the operator named.
		if err == nil {
			err = os.WriteFile(filepath.Join(stage, filepath.Base(path)), data, 0o600)
		}
		if err != nil {
			return unwritable(err)
		}
	}
	for _, s := range sources {
		if ext := filepath.Ext(s.name); ext != ".yaml" && ext != ".geojson" {
			continue
		}
		var b bytes.Buffer
		if err := s.write(&b); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(stage, s.name), b.Bytes(), 0o600); err != nil {
			return unwritable(err)
		}
	}
	_, problems := centre.Load(stage, centre.Options{})
	if len(problems) == 0 {
		return nil
	}
	lines := make([]string, 0, len(problems))
	for _, p := range problems[:min(5, len(problems))] {
		lines = append(lines, "  "+p.String())
	}
	return fault.New("shuniu import", fault.Invalid, "the folder could not be loaded afterwards, so nothing was written; %d problem(s):\n%s", len(problems), strings.Join(lines, "\n")).
		Mend("mend what is named, or begin with a new folder: shuniu import centre --help")
}

// quote writes a text as YAML reads it back, whatever stands in it.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || r == 0x85 || r == 0xfeff || r >= 0x2028 && r <= 0x2029:
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

// slug makes an id of a name: small letters, digits and underscores of ASCII; empty when nothing of that is in it.
func slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			b.WriteRune(r)
			gap = false
		} else {
			gap = true
		}
	}
	return b.String()
}

// label is a name under the key of its language: zh where it holds Chinese signs, else en.
func label(name string) string {
	for _, r := range name {
		if r >= 0x3400 && r <= 0x9fff || r >= 0x20000 && r <= 0x3ffff {
			return "zh: " + quote(name)
		}
	}
	return "en: " + quote(name)
}

// section replaces one part of a YAML file, from its key at the beginning of a line to the next such key, or adds it at the
// end. Everything else, with its comments, stays as it is.
func section(file []byte, key, part string) []byte {
	lines := strings.SplitAfter(string(file), "\n")
	top := func(l string) bool {
		return l != "" && !strings.ContainsAny(l[:1], " \t\r\n#-")
	}
	from := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, key+":") })
	if from < 0 {
		out := strings.TrimRight(string(file), "\n")
		if out != "" {
			out += "\n\n"
		}
		return []byte(out + part)
	}
	to := from + 1
	for to < len(lines) && !top(lines[to]) {
		to++
	}
	for to > from+1 && !strings.HasPrefix(strings.TrimLeft(lines[to-1], " "), "-") && (strings.TrimSpace(lines[to-1]) == "" || lines[to-1][0] == '#') {
		to-- // A comment above the next key belongs to that one.
	}
	return []byte(strings.Join(lines[:from], "") + part + strings.Join(lines[to:], ""))
}

// loaded reads the folder that a step adds to.
func loaded(dir string) (centre.Folder, error) {
	folder, problems := centre.Read(dir, centre.Options{})
	if len(problems) > 0 {
		return folder, fault.New("shuniu import", fault.Invalid, "%s is no centre's folder that can be loaded: %s", dir, problems[0].String()).
			Mend("make one with shuniu import centre, or let shuniu check " + dir + " list what is wrong")
	}
	return folder, nil
}
