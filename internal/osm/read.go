// Package osm reads map extracts in the two formats of OpenStreetMap, XML and PBF, plain or compressed, and makes of
// them a street network, shapes to draw and named places to find. What a file is, is seen from its first bytes, never
// from its name. A damaged file gives an error that says where and what to do; it must never end the process, which
// is why the PBF blocks are decoded here and not by a library that panics in goroutines of its own.
package osm

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/street"
)

const opRead = "osm.Read"

// Attribution lines that the console must show on every map.
const (
	AttributionOSM   = "© OpenStreetMap contributors, ODbL 1.0"
	AttributionTIGER = "US Census Bureau TIGER/Line, public domain"
)

// Extract is what one file holds for us.
type Extract struct {
	Streets     *street.Network
	Report      street.Report    // What the network was made of and what it leaves out.
	Ignored     []street.Ignored // What this reader left out before, most frequent first.
	Areas       []Shape          // Water, parks, buildings and grounds, in the order of the file.
	Lines       []Line           // Railways and watercourses, in the order of the file.
	Places      []Place          // Places for search, in the order of the file.
	Addresses   []Address        // House numbers and entrances, in the order of the file.
	Bounds      geo.Bounds       // As the file says; where it says nothing, the box around its nodes.
	Attribution string           // Must be shown with the map.
	Nodes       int              // In the file, used or not.
	Ways        int              // In the file, used or not.
	Relations   int              // In the file, used or not.
}

// Shape is an area for drawing.
type Shape struct {
	// Kind is "water", "park", "building", "square", "residential" (a 小区 or another living quarter), "commercial",
	// "industrial", "school", "hospital" or "railway".
	Kind   string
	Name   string     // May be empty.
	NameEn string     // name:en; may be empty.
	House  string     // Of a building: its number or its own name in an estate, "12" or "3栋". May be empty.
	Levels int        // Of a building: its storeys; 0 when not said.
	Rings  []geo.Ring // Filled by the even-odd rule: outlines and holes in any order.
}

// Line is a line for drawing that is no street.
type Line struct {
	Kind   string // "rail", "river", "stream".
	Name   string // May be empty.
	NameEn string // name:en; may be empty.
	Points []geo.Point
}

// Place is something that people name when they call.
type Place struct {
	Kind    string    // The value of the tag that made it a place: "police", "hospital", "park", "pole", "surveillance" ...
	Name    string    // As people say it; the number of a pole or a camera that has no name.
	NameEn  string    // name:en; may be empty.
	Ref     string    // The number that is painted on it: of a pole, a camera, a bus stop. May be empty.
	Bearing int       // Of a camera: degrees clockwise from north in which it looks, 0 to 359; -1 when not said.
	Point   geo.Point // For an area, the middle of its box.
}

// Address is a place with a number: a house at a street, or a building, an entrance and a unit in an estate. What is
// not said is empty.
type Address struct {
	Street   string // addr:street.
	Number   string // addr:housenumber: "12", "12号", "12-3".
	Estate   string // addr:place: the 小区.
	Building string // addr:housename, or the building's own name or ref in an estate: "3栋", "3号楼".
	Unit     string // addr:unit: "2单元".
	Entrance bool   // The point is a door, not the middle of a house.
	Point    geo.Point
}

// Options says how to read. The zero value reads with the zero street.Profile and tells nobody.
type Options struct {
	Profile  street.Profile
	Progress func(bytesRead, bytesTotal int64) // Called about every megabyte and at the end. May be nil. The total is 0 when unknown.
}

// ReadFile reads the map file at path. A missing file is fault.NotFound; a damaged, foreign or empty one is
// fault.Invalid; each with a remedy. The end of ctx is given as it is.
func ReadFile(ctx context.Context, path string, o Options) (*Extract, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.Wrap(opRead, fault.NotFound, err, "there is no map file %s", filepath.Base(path)).
			Mend("Name a file with streets: .osm or .osm.pbf, plain or compressed.")
	}
	if err != nil {
		return nil, fault.Wrap(opRead, fault.Unavailable, err, "map file %s cannot be opened", filepath.Base(path)).
			Mend("Give the service the right to read it.")
	}
	defer f.Close() //nolint:errcheck // Read only: nothing can be lost.
	var total int64
	if info, err := f.Stat(); err == nil {
		total = info.Size()
	}
	return read(ctx, f, filepath.Base(path), total, o)
}

// Read reads a map from r; name stands in messages. Errors are those of ReadFile.
func Read(ctx context.Context, r io.Reader, name string, o Options) (*Extract, error) {
	return read(ctx, r, name, 0, o)
}

func read(ctx context.Context, r io.Reader, name string, total int64, o Options) (*Extract, error) {
	count := &counter{ctx: ctx, r: r, total: total, progress: o.Progress}
	c := newCollector()
	err := decode(bufio.NewReaderSize(count, 1<<16), &swelling{packed: count}, c) // 64 KiB.
	if o.Progress != nil {
		o.Progress(count.n, max(total, count.n))
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%s: %w", opRead, ctx.Err())
	}
	if err != nil {
		return nil, damaged(name, count.n, err)
	}
	x, err := c.extract(ctx, o.Profile)
	if err != nil {
		return nil, err
	}
	if x.Streets.Stats().Edges == 0 {
		return nil, fault.New(opRead, fault.Invalid, "map file %s holds no street that can be driven (%d nodes, %d ways)", name, x.Nodes, x.Ways).
			Mend("Export the area again with its highways and their nodes.")
	}
	return x, nil
}

// foreign is an error about a file that is whole but not what we read.
type foreign struct{ text, remedy string }

func (f foreign) Error() string { return f.text }

func damaged(name string, at int64, err error) error {
	var f foreign
	if errors.As(err, &f) {
		return fault.Wrap(opRead, fault.Invalid, err, "map file %s cannot be used: %s", name, f.text).Mend(f.remedy)
	}
	what := "is damaged"
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		what = "ends too early"
	}
	return fault.Wrap(opRead, fault.Invalid, err, "map file %s %s, near byte %d", name, what, at).
		Mend("Fetch or export the file again and compare its size; nothing of it was used.")
}

// decode opens the compression, tells the format and reads it into c.
func decode(r *bufio.Reader, w *swelling, c *collector) error {
	for range 2 { // A compressed file in a compressed file is still believed; a third is not.
		head, err := r.Peek(3)
		switch {
		case errors.Is(err, syscall.EISDIR):
			return foreign{"it is a folder", "Name the file in it."}
		case err != nil && len(head) == 0:
			return foreign{"it is empty", "Fetch or export the file again."}
		case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
			z, err := gzip.NewReader(r)
			if err != nil {
				return fmt.Errorf("gzip: %w", err)
			}
			r = bufio.NewReaderSize(w.watch(z), 1<<16) // 64 KiB.
		case string(head) == "BZh":
			r = bufio.NewReaderSize(w.watch(bzip2.NewReader(r)), 1<<16) // 64 KiB.
		}
	}
	head, err := r.Peek(16)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if len(head) > 6 && head[0] == 0 && head[4] == 0x0a { // A length below 16 MiB, then field 1: its type.
		return decodePBF(r, w, c)
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(text) > 0 && text[0] == '<' {
		return decodeXML(r, c)
	}
	return foreign{"it is neither OpenStreetMap XML nor PBF", "Give an .osm or .osm.pbf file; other map formats must be converted first."}
}

// What a file may unpack to: swellMax times its size, once that is more than swellFree bytes. Streets in XML shrink to a
// tenth, and to a third in PBF. A file that swells more was made to fill our memory.
const (
	swellMax  = 100
	swellFree = 64 << 20
)

// swelling watches how much a packed file becomes.
type swelling struct {
	packed   *counter
	unpacked int64
}

// add counts unpacked bytes, and refuses them when they are too many.
func (w *swelling) add(n int) error {
	w.unpacked += int64(n)
	if w.unpacked > swellFree && w.unpacked > swellMax*w.packed.n {
		return foreign{"it unpacks to more than a hundred times its size, which no map does", "Fetch it again from a source that you trust."}
	}
	return nil
}

func (w *swelling) watch(r io.Reader) io.Reader { return &watched{r, w} }

type watched struct {
	r io.Reader
	w *swelling
}

func (u *watched) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if n > 0 {
		if err := u.w.add(n); err != nil {
			return 0, err
		}
	}
	return n, err
}

// counter counts what is read, tells the progress, and ends reading when ctx ends.
type counter struct {
	ctx      context.Context //nolint:containedctx // The reader below has no other way to be stopped.
	r        io.Reader
	n, told  int64
	total    int64
	progress func(int64, int64)
}

func (c *counter) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.progress != nil && c.n-c.told >= 1<<20 { // 1 MiB.
		c.told = c.n
		c.progress(c.n, c.total)
	}
	return n, err
}
