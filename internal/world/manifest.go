package world

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"shuniu/internal/geo"
)

// The files of a world's folder. The centre's files lie in the folder Centre of it.
const (
	StreetsFile  = "streets.osm.gz"
	BeatsFile    = "beats.geojson" // For drawing in other programs: a centre's folder knows beats by name and station only.
	CentreFolder = "centre"
	ManifestFile = "world.json"
)

// Manifest says what a world's folder holds, so that a cached one can be checked.
type Manifest struct {
	Version int               `json:"version"` // That of the package when it was made.
	Seed    uint64            `json:"seed"`
	Size    string            `json:"size"`
	Base    string            `json:"base"`   // SHA-256, in hex, of the base centre's files.
	Bounds  geo.Bounds        `json:"bounds"` // Of the map.
	Counts  Counts            `json:"counts"`
	Files   map[string]string `json:"files"` // SHA-256 of each file, in hex, by its path in the folder.
}

// BaseHash is the hash of the files that a centre is made from.
func BaseHash(base map[string][]byte) string {
	sum := sha256.New()
	for _, name := range slices.Concat(CentreFiles(), OptionalFiles()) {
		if base[name] == nil {
			continue
		}
		_, _ = fmt.Fprintf(sum, "%s\x00%d\x00", name, len(base[name])) // A hash never fails to take bytes.
		_, _ = sum.Write(base[name])
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Fits reports whether the manifest is that of a world of these options, made by this version from that base.
func (m Manifest) Fits(o Options, base string) bool {
	return m.Version == Version && m.Seed == o.Seed && m.Size == o.Size && m.Base == base && slices.Contains(Sizes(), m.Size)
}

// Plausible reports whether this is the manifest of a world of any version. Other programs write files of this name too.
func (m Manifest) Plausible() bool {
	return m.Version > 0 && slices.Contains(Sizes(), m.Size) && m.Files[StreetsFile] != ""
}

// Bytes is the manifest as it is stored.
func (m Manifest) Bytes() []byte {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic(err) // Numbers and strings: it cannot fail.
	}
	return append(b, '\n')
}
