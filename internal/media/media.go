// Package media tells what a file is by its content alone: a name and what a sender says of a file are never believed. It
// also reads what a camera wrote into a picture. What it reads is shown to people and decides nothing.
package media

import (
	"bytes"
	"image/jpeg"
	"image/png"
	"unicode/utf8"
)

// Kind is one kind of file that is taken.
type Kind struct {
	ID   string // "jpeg": the word in facts.
	MIME string // As it is served.
	Ext  string // The ending of its name, with the dot.
	Show bool   // A browser may show it in the page; everything else is only downloaded.
}

// The kinds that are taken.
func kinds() []Kind {
	return []Kind{
		{ID: "jpeg", MIME: "image/jpeg", Ext: ".jpg", Show: true},
		{ID: "png", MIME: "image/png", Ext: ".png", Show: true},
		{ID: "webp", MIME: "image/webp", Ext: ".webp", Show: true},
		{ID: "heic", MIME: "image/heic", Ext: ".heic"},
		{ID: "pdf", MIME: "application/pdf", Ext: ".pdf", Show: true},
		{ID: "mp4", MIME: "video/mp4", Ext: ".mp4"},
		{ID: "m4a", MIME: "audio/mp4", Ext: ".m4a"},
		{ID: "txt", MIME: "text/plain; charset=utf-8", Ext: ".txt"},
	}
}

// Taken lists the kinds that are taken, for a refusal.
func Taken() []string {
	var out []string
	for _, k := range kinds() {
		out = append(out, k.ID)
	}
	return out
}

// ByID finds a kind by its word.
func ByID(id string) (Kind, bool) {
	for _, k := range kinds() {
		if k.ID == id {
			return k, true
		}
	}
	return Kind{}, false
}

// pixelsMax is how many pixels a picture may claim: a small file can claim a picture that fills all memory of whoever
// shows it. 200 million are more than any camera of the day makes.
const pixelsMax = 200_000_000

// Sniff finds the kind of a content; ok is false for what is not taken. A picture must have a head that can be read.
func Sniff(content []byte) (Kind, bool) {
	id := ""
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		if c, err := jpeg.DecodeConfig(bytes.NewReader(content)); err == nil && fits(c.Width, c.Height) {
			id = "jpeg"
		}
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		if c, err := png.DecodeConfig(bytes.NewReader(content)); err == nil && fits(c.Width, c.Height) {
			id = "png"
		}
	case len(content) > 16 && bytes.HasPrefix(content, []byte("RIFF")) && bytes.Equal(content[8:12], []byte("WEBP")):
		id = "webp"
	case bytes.HasPrefix(content, []byte("%PDF-")):
		id = "pdf"
	case len(content) >= 12 && bytes.Equal(content[4:8], []byte("ftyp")):
		id = brand(content)
	case isText(content):
		id = "txt"
	}
	return ByID(id)
}

func fits(w, h int) bool { return w > 0 && h > 0 && w <= pixelsMax/h }

// brand reads the head of an ISO base media file (ISO/IEC 14496-12, 4.3): its major brand, then those it is compatible
// with.
func brand(content []byte) string {
	size := int(content[0])<<24 | int(content[1])<<16 | int(content[2])<<8 | int(content[3])
	head := content[8:min(max(size, 12), len(content), 4096)]
	for i := 0; i+4 <= len(head); i += 4 {
		if i == 4 { // The minor version.
			continue
		}
		switch string(head[i : i+4]) {
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
			return "heic"
		case "M4A ", "M4B ":
			return "m4a"
		case "isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "dash":
			return "mp4"
		}
	}
	return ""
}

// isText reports whether a content is plain text as people write it: UTF-8, no control characters, no markup that a
// careless reader might run.
func isText(content []byte) bool {
	if len(bytes.TrimSpace(content)) == 0 || !utf8.Valid(content) {
		return false
	}
	for _, c := range content {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
	}
	head := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\ufeff"))))
	return !bytes.HasPrefix(head, []byte("<")) && !bytes.HasPrefix(head, []byte("#!"))
}
