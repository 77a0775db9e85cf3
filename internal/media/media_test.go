package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"math"
	"strings"
	"testing"
)

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 6)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSniff(t *testing.T) {
	var p bytes.Buffer
	if err := png.Encode(&p, image.NewGray(image.Rect(0, 0, 3, 3))); err != nil {
		t.Fatal(err)
	}
	huge := bytes.Clone(p.Bytes())
	binary.BigEndian.PutUint32(huge[16:], 1<<20)
	binary.BigEndian.PutUint32(huge[20:], 1<<20)
	iso := func(brands ...string) []byte {
		body := "ftyp" + brands[0] + "\x00\x00\x00\x01" + strings.Join(brands[1:], "")
		return append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+4)), body...)
	}
	for _, tt := range []struct {
		name    string
		content []byte
		want    string // Empty: not taken.
	}{
		{"a photo", picture(t), "jpeg"},
		{"the beginning of a photo only", picture(t)[:8], ""},
		{"a drawing", p.Bytes(), "png"},
		{"a picture that claims to be a million wide and high", huge, ""},
		{"webp", []byte("RIFF\x10\x00\x00\x00WEBPVP8 \x00\x00\x00\x00"), "webp"},
		{"a sound in the same box", []byte("RIFF\x10\x00\x00\x00WAVEfmt \x00\x00\x00\x00"), ""},
		{"a document", []byte("%PDF-1.7\n"), "pdf"},
		{"a phone's picture", iso("mif1", "heic"), "heic"},
		{"a film", iso("qt  ", "isom"), "mp4"},
		{"a recording", iso("M4A ", "isom"), "m4a"},
		{"an unknown film", iso("qt  "), ""},
		{"a head that ends early", []byte("\x00\x00\x00\x20ftyp"), ""},
		{"words", []byte("\ufeff第二名报警人说：两人持刀\r\n"), "txt"},
		{"words in another encoding", []byte("\xb5\xda\xb6\xfe"), ""},
		{"a page", []byte("  <html><script>alert(1)</script>"), ""},
		{"a drawing with a script in it", []byte("<svg onload=alert(1)>"), ""},
		{"a script", []byte("#!/bin/sh\n"), ""},
		{"a program", []byte("MZ\x90\x00\x03"), ""},
		{"a program of the other kind", []byte("\x7fELF\x02"), ""},
		{"an archive", []byte("PK\x03\x04"), ""},
		{"nothing", nil, ""},
		{"blanks", []byte(" \n"), ""},
	} {
		got, ok := Sniff(tt.content)
		if got.ID != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: %q %v, want %q", tt.name, got.ID, ok, tt.want)
		}
	}
	for _, id := range Taken() {
		if k, ok := ByID(id); !ok || k.MIME == "" || !strings.HasPrefix(k.Ext, ".") {
			t.Errorf("%s: %+v", id, k)
		}
	}
}

// shot is a photo with the words of a camera: little or big endian, in the southern and western halves.
func shot(t *testing.T, order binary.AppendByteOrder, mark string) []byte {
	t.Helper()
	var b []byte
	put := func(tag, kind uint16, count, value uint32) {
		b = order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), kind), count), value)
	}
	short := func(tag uint16, word string) { // A word that fits into the entry itself.
		b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), kindASCII), uint32(len(word)+1))
		b = append(b, word+strings.Repeat("\x00", 4-len(word))...)
	}
	b = order.AppendUint32(append(b, mark...), 8)
	b = order.AppendUint16(b, 2) // At 8: the main table.
	put(tagDateTime, kindASCII, 20, 38)
	put(tagGPSIFD, 4, 1, 58)
	b = order.AppendUint32(b, 0)
	b = append(b, "2030:05:01 14:02:10\x00"...) // At 38.
	b = order.AppendUint16(b, 4)                // At 58: the place.
	short(tagLatRef, "S")
	put(tagLat, kindRational, 3, 112)
	short(tagLonRef, "W")
	put(tagLon, kindRational, 3, 136)
	b = order.AppendUint32(b, 0)
	for _, n := range []uint32{30, 1, 30, 1, 1800, 100, 103, 1, 0, 1, 0, 0} { // At 112 and 136.
		b = order.AppendUint32(b, n)
	}
	part := "Exif\x00\x00" + string(b)
	p := picture(t)
	head := append(bytes.Clone(p[:2]), 0xff, markerApp1, byte((len(part)+2)>>8), byte(len(part)+2))
	return append(append(head, part...), p[2:]...)
}

func TestReadCamera(t *testing.T) {
	for mark, order := range map[string]binary.AppendByteOrder{"II*\x00": binary.LittleEndian, "MM\x00*": binary.BigEndian} {
		p := shot(t, order, mark)
		if k, ok := Sniff(p); !ok || k.ID != "jpeg" {
			t.Fatalf("%q: the picture is no picture any more", mark)
		}
		got := ReadCamera(p)
		if got.At != "2030-05-01T14:02:10" || got.Place == nil || math.Abs(got.Place.Lat+30.505) > 1e-9 || got.Place.Lon != -103 {
			t.Errorf("%q: %+v %+v", mark, got, got.Place)
		}
	}
	if got := ReadCamera(picture(t)); got != (Camera{}) {
		t.Errorf("a photo that says nothing: %+v", got)
	}
}

// Whatever is damaged, nothing breaks.
func FuzzReadCamera(f *testing.F) {
	t := &testing.T{}
	f.Add(shot(t, binary.LittleEndian, "II*\x00"))
	f.Add(shot(t, binary.BigEndian, "MM\x00*"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x08Exif\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got := ReadCamera(b); got.Place != nil && !got.Place.Valid() {
			t.Errorf("nowhere on earth: %v", got.Place)
		}
		Sniff(b)
	})
}
