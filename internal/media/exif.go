package media

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"

	"shuniu/internal/geo"
)

// Camera is what a camera wrote into a picture. Anybody can write it: it is shown beside the picture and believed by
// nobody silently.
type Camera struct {
	Place *geo.Point // Where it says that it was; nil if it does not say.
	At    string     // When, as 2030-05-01T14:02:10 by its own clock, which names no zone; empty if it does not say.
}

// The tags of Exif 2.3 (CIPA DC-008) that are read, and the marker of JPEG that holds them.
const (
	tagExifIFD    = 0x8769
	tagGPSIFD     = 0x8825
	tagDateTime   = 0x0132
	tagOriginal   = 0x9003
	tagLatRef     = 1
	tagLat        = 2
	tagLonRef     = 3
	tagLon        = 4
	markerApp1    = 0xe1
	markerScan    = 0xda
	entriesMax    = 512 // More than any camera writes.
	kindASCII     = 2
	kindRational  = 5
	bytesRational = 8
)

// ReadCamera reads what a camera wrote into a JPEG. Whatever cannot be read is left out; damage is no error.
func ReadCamera(jpeg []byte) Camera {
	body, ok := exifOf(jpeg)
	if !ok || len(body) < 8 {
		return Camera{}
	}
	t := tiff{body: body}
	switch string(body[:4]) {
	case "II*\x00":
		t.order = binary.LittleEndian
	case "MM\x00*":
		t.order = binary.BigEndian
	default:
		return Camera{}
	}
	var out Camera
	main := t.entries(int64(t.order.Uint32(body[4:])))
	out.At = moment(t.text(main[tagDateTime]))
	if e, ok := main[tagExifIFD]; ok {
		if at := moment(t.text(t.entries(int64(e.value))[tagOriginal])); at != "" {
			out.At = at
		}
	}
	if e, ok := main[tagGPSIFD]; ok {
		gps := t.entries(int64(e.value))
		lat, ok1 := t.degrees(gps[tagLat], gps[tagLatRef], "S")
		lon, ok2 := t.degrees(gps[tagLon], gps[tagLonRef], "W")
		if p := (geo.Point{Lon: lon, Lat: lat}); ok1 && ok2 && p.Valid() {
			out.Place = &p
		}
	}
	return out
}

// exifOf finds the Exif part of a JPEG among its segments.
func exifOf(b []byte) ([]byte, bool) {
	head := []byte("Exif\x00\x00")
	for i := 2; i+4 <= len(b) && b[i] == 0xff; {
		marker, size := b[i+1], int(b[i+2])<<8|int(b[i+3])
		if marker == markerScan || size < 2 || i+2+size > len(b) {
			return nil, false
		}
		if part := b[i+4 : i+2+size]; marker == markerApp1 && bytes.HasPrefix(part, head) {
			return part[len(head):], true
		}
		i += 2 + size
	}
	return nil, false
}

// tiff is the small file within: tables of entries that point into the same bytes.
type tiff struct {
	body  []byte
	order binary.ByteOrder
}

type entry struct {
	kind  uint16
	count uint32
	value uint32 // The value itself if it fits into four bytes, else where it is.
	at    int64  // Where the value field is.
}

func (t tiff) entries(at int64) map[uint16]entry {
	out := map[uint16]entry{}
	if at < 0 || at+2 > int64(len(t.body)) {
		return out
	}
	n := min(int(t.order.Uint16(t.body[at:])), entriesMax)
	for i := range n {
		e := at + 2 + int64(i)*12
		if e+12 > int64(len(t.body)) {
			break
		}
		out[t.order.Uint16(t.body[e:])] = entry{
			kind: t.order.Uint16(t.body[e+2:]), count: t.order.Uint32(t.body[e+4:]), value: t.order.Uint32(t.body[e+8:]), at: e + 8,
		}
	}
	return out
}

// part is the bytes of a value.
func (t tiff) part(e entry, size int64) []byte {
	at := int64(e.value)
	if size <= 4 {
		at = e.at
	}
	if size <= 0 || size > 256 || at < 0 || at+size > int64(len(t.body)) {
		return nil
	}
	return t.body[at : at+size]
}

func (t tiff) text(e entry) string {
	if e.kind != kindASCII {
		return ""
	}
	return strings.TrimRight(string(t.part(e, int64(e.count))), "\x00 ")
}

// degrees reads degrees, minutes and seconds; negative names the reference of the negative half.
func (t tiff) degrees(e, ref entry, negative string) (float64, bool) {
	b := t.part(e, 3*bytesRational)
	if e.kind != kindRational || e.count != 3 || b == nil {
		return 0, false
	}
	sum, unit := 0.0, 1.0
	for i := range 3 {
		over, under := t.order.Uint32(b[i*bytesRational:]), t.order.Uint32(b[i*bytesRational+4:])
		if under == 0 {
			if over != 0 {
				return 0, false
			}
			under = 1
		}
		sum += float64(over) / float64(under) / unit
		unit *= 60
	}
	if t.text(ref) == negative {
		sum = -sum
	}
	return sum, true
}

// moment turns the camera's form into ours.
func moment(s string) string {
	at, err := time.Parse("2006:01:02 15:04:05", s)
	if err != nil {
		return ""
	}
	return at.Format("2006-01-02T15:04:05")
}
