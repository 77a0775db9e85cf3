package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/dustin/go-humanize"

	"shuniu/internal/centre"
	"shuniu/internal/fault"
	"shuniu/internal/world"
)

type worldCommand struct {
	Seed   uint64 `help:"The same seed gives the same city, byte for byte." default:"1"`
	Size   string `help:"district: 620,000 people, 9 stations. city: millions. metropolis: 500,000 street nodes and 2,000 units." enum:"district,city,metropolis" default:"district"`
	Out    string `help:"Folder of the world. A world that is there already is replaced; a folder that holds any other file is left alone." required:"" placeholder:"DIR"`
	Keep   bool   `help:"Make nothing when the folder holds this very world already, whole."`
	Centre string `help:"Folder of the centre whose departments, seats and types the city's centre takes over; centres/yunze if not given." placeholder:"DIR"`
}

// worldFolder is a world on disk.
type worldFolder struct {
	Dir      string
	Streets  string // The OSM file.
	Centre   string // The centre's folder.
	Beats    string // Community beats, GeoJSON.
	Manifest world.Manifest
}

// Run makes the world anew and says what is in it.
func (c *worldCommand) Run(s session) error {
	from := time.Now()
	var w worldFolder
	var err error
	if c.Keep {
		w, err = ensureWorld(s, c.Out, c.Size, c.Seed, c.Centre)
	} else {
		w, err = makeWorld(s, c.Out, world.Options{Seed: c.Seed, Size: c.Size}, c.Centre)
	}
	if err != nil {
		return err
	}
	n := w.Manifest.Counts
	for _, line := range []struct {
		what  string
		count int
	}{
		{"street nodes", n.StreetNodes},
		{"kilometres of streets", int(n.StreetMeters / 1000)},
		{"turn restrictions", n.Restrictions},
		{"buildings", n.Buildings},
		{"estates", n.Estates},
		{"entrances", n.Entrances},
		{"named businesses", n.Businesses},
		{"parks", n.Parks},
		{"numbered poles", n.Poles},
		{"cameras", n.Cameras},
		{"bus stops", n.BusStops},
		{"stations", n.Stations},
		{"units", n.Units},
	} {
		if _, err := fmt.Fprintf(s.out, "%9s  %s\n", humanize.Comma(int64(line.count)), line.what); err != nil {
			return err
		}
	}
	s.say("%s, seed %d, is in %s after %.1f s", c.Size, c.Seed, w.Dir, time.Since(from).Seconds())
	return nil
}

// ensureWorld gives the world of that size and seed in dir: the one that is there when it is whole and was made by
// this version from the same base centre, else a new one. centre is the base centre's folder; empty is centres/yunze.
func ensureWorld(s session, dir, size string, seed uint64, centre string) (worldFolder, error) {
	o := world.Options{Seed: seed, Size: size}
	base, err := readBase(centre)
	if err != nil {
		return worldFolder{}, err
	}
	if w, err := openWorld(dir); err == nil && w.Manifest.Fits(o, world.BaseHash(base)) && w.whole() {
		return w, nil
	}
	s.say("making the %s of seed %d, once", size, seed)
	return makeWorld(s, dir, o, centre)
}

// openWorld reads the manifest of a world's folder.
func openWorld(dir string) (worldFolder, error) {
	w := worldFolder{
		Dir: dir, Streets: filepath.Join(dir, world.StreetsFile), Centre: filepath.Join(dir, world.CentreFolder),
		Beats: filepath.Join(dir, world.BeatsFile),
	}
	text, err := os.ReadFile(filepath.Join(dir, world.ManifestFile)) //nolint:gosec // The operator names the folder.
	if err == nil {
		err = json.Unmarshal(text, &w.Manifest)
	}
	if err != nil {
		return w, fault.Wrap("shuniu world", fault.NotFound, err, "%s is no world", dir).Mend("make one: shuniu world --out " + dir)
	}
	return w, nil
}

// whole reports whether every file is there and has the bytes that it was written with.
func (w worldFolder) whole() bool {
	for name, sum := range w.Manifest.Files {
		if got, err := hashFile(filepath.Join(w.Dir, filepath.FromSlash(name))); err != nil || got != sum {
			return false
		}
	}
	return len(w.Manifest.Files) > 0
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path) //nolint:gosec // Files of a folder that the operator names.
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // Read only: nothing can be lost.
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// readBase reads the files of the base centre.
func readBase(dir string) (map[string][]byte, error) {
	if dir == "" {
		r, err := root("centres")
		if err != nil {
			return nil, err
		}
		dir = filepath.Join(r, "centres", "yunze")
	}
	base := make(map[string][]byte)
	for _, name := range world.CentreFiles() {
		text, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // The operator names the folder.
		if err != nil {
			return nil, fault.Wrap("shuniu world", fault.NotFound, err, "the base centre has no %s", name).Mend("name a centre's folder, such as centres/yunze")
		}
		base[name] = text
	}
	for _, name := range world.OptionalFiles() {
		text, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // The operator names the folder.
		switch {
		case err == nil:
			base[name] = text
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fault.Wrap("shuniu world", fault.NotFound, err, "%s of the base centre cannot be read", name).Mend("check who may read it")
		}
	}
	return base, nil
}

// makeWorld writes a world beside its place and moves it there when it is whole.
func makeWorld(s session, dir string, o world.Options, base string) (w worldFolder, err error) {
	files, err := readBase(base)
	if err != nil {
		return w, err
	}
	if dir, err = settled(dir); err != nil {
		return w, err
	}
	if _, err := replaceable(dir); err != nil {
		return w, err
	}
	part, err := partOf(dir)
	if err != nil {
		return w, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(part))
		}
	}()
	if err := os.Mkdir(filepath.Join(part, world.CentreFolder), 0o755); err != nil { //nolint:gosec // A public world.
		return w, err
	}
	if err := writeWorld(s, part, o, files); err != nil {
		return w, err
	}
	if err := place(part, dir); err != nil {
		return w, err
	}
	return openWorld(dir)
}

// settled is where a folder really is: a link leads there, and "." can be moved to by its full name only.
func settled(dir string) (string, error) {
	if behind, err := filepath.EvalSymlinks(dir); err == nil {
		dir = behind
	}
	return filepath.Abs(dir)
}

// partOf makes a new folder beside dir, which nobody else has and which can be moved to dir.
func partOf(dir string) (string, error) {
	beside, name := filepath.Split(filepath.Clean(dir))
	beside = filepath.Clean(beside)
	err := os.MkdirAll(beside, 0o755) //nolint:gosec // A public world.
	if err != nil {
		return "", err
	}
	part, err := os.MkdirTemp(beside, name+".part-")
	if err != nil {
		return "", fault.Wrap("shuniu world", fault.Unavailable, err, "nothing can be made beside %s", dir).Mend("name a folder where you may write")
	}
	return part, os.Chmod(part, 0o755) //nolint:gosec // A public world.
}

// writeWorld writes all files of a world.
func writeWorld(s session, dir string, o world.Options, base map[string][]byte) error {
	told := 0
	o.Tell = func(done, total int) {
		if percent := done * 100 / total; percent >= told+20 && total > 500 { // A district is done before one could read it.
			told = percent
			s.say("%d %% of the city is built", percent)
		}
	}
	found, err := writeStreets(s, filepath.Join(dir, world.StreetsFile), o)
	if err != nil {
		return err
	}
	made, err := found.Centre(base)
	if err != nil {
		return err
	}
	var beats bytes.Buffer
	if err := found.WriteBeats(&beats); err != nil {
		return err
	}
	names := map[string][]byte{world.BeatsFile: beats.Bytes()}
	for name, text := range made {
		names[world.CentreFolder+"/"+name] = text
	}
	for name, text := range names {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), text, 0o644); err != nil { //nolint:gosec // A public world.
			return err
		}
	}
	charter, problems := centre.Load(filepath.Join(dir, world.CentreFolder), centre.Options{})
	if len(problems) > 0 {
		return fault.New("shuniu world", fault.Invalid, "the centre that was made from the base cannot be loaded: %s", problems[0]).
			Mend("let shuniu check show what is wrong with the base centre")
	}
	found.Counts.Units = len(charter.Units)
	m := world.Manifest{
		Version: world.Version, Seed: o.Seed, Size: o.Size, Base: world.BaseHash(base), Bounds: found.Bounds, Counts: found.Counts, Files: map[string]string{},
	}
	names[world.StreetsFile] = nil
	for name := range names {
		if m.Files[name], err = hashFile(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, world.ManifestFile), m.Bytes(), 0o644) //nolint:gosec // A public world.
}

func writeStreets(s session, path string, o world.Options) (found *world.Found, err error) {
	f, err := os.Create(path) //nolint:gosec // The operator names the folder.
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if found, err = world.WriteStreets(s.ctx, z, o); err != nil {
		return nil, err
	}
	return found, z.Close()
}
