package main

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"shuniu/internal/fault"
	"shuniu/internal/world"
)

// place moves a world that was made in the folder part to dir. Of what is in dir it removes only the files that the old
// world's manifest names.
func place(part, dir string) error {
	old, err := replaceable(dir) // Once more: making a world takes minutes, and somebody may have put a file there.
	if err != nil {
		return err
	}
	for _, name := range old { // Files before their folders, the manifest behind all others, so that a broken end can be mended.
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(part, dir)
}

// replaceable gives what is in dir, in the order in which it can be removed, when dir is missing, empty, or holds nothing
// but a world. Everything else is refused.
func replaceable(dir string) (old []string, err error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(entries) == 0:
		return nil, nil
	case err != nil:
		return nil, fault.Wrap("shuniu world", fault.Invalid, err, "%s cannot be used", dir).Mend("name a new folder")
	}
	w, err := openWorld(dir)
	if err != nil || !w.Manifest.Plausible() {
		return nil, fault.New("shuniu world", fault.Conflict, "%s is not empty and holds no world; nothing was changed", dir).
			Mend("name a new folder, such as --out " + filepath.Join(dir, "world"))
	}
	folders := map[string]bool{".": true}
	for name := range w.Manifest.Files {
		for up := path.Dir(name); !folders[up] && up != "/"; up = path.Dir(up) {
			folders[up] = true
		}
	}
	ours := world.CentreFolder + "/" + demandFile // A demo puts it there.
	var inner []string
	err = filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, at)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		_, named := w.Manifest.Files[name]
		switch {
		case name == "." || name == world.ManifestFile && d.Type().IsRegular():
		case d.IsDir() && folders[name]:
			inner = append(inner, name)
		case (named || name == ours) && d.Type().IsRegular():
			old = append(old, name)
		default:
			return fault.New("shuniu world", fault.Conflict, "%s holds %.80q, which is no part of the world in it; nothing was changed", dir, name).
				Mend("move it away, or name a new folder")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Reverse(inner) // A walk meets the outer folders first.
	return append(append(old, inner...), world.ManifestFile), nil
}
