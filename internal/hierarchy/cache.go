package hierarchy

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"shuniu/internal/fault"
)

// cacheMagic begins a file; its last digit is the version of the form.
const cacheMagic = "shuniu hierarchy 1\n"

// WriteTo keeps what took the longest, the order, with the digest of the graph. Contraction is done again when it is
// read: that takes a second where the order takes a minute, and then no damage of the file can give a wrong answer.
func (h *Hierarchy) WriteTo(w io.Writer) (int64, error) {
	digest := h.graph.Digest()
	sum := sha256.New()
	out := bufio.NewWriter(io.MultiWriter(w, sum))
	head := append([]byte(cacheMagic), digest[:]...)
	head = binary.LittleEndian.AppendUint64(head, uint64(len(h.rank)))
	n := int64(len(head))
	_, err := out.Write(head)
	var word [4]byte
	for _, r := range h.rank {
		if err != nil {
			break
		}
		binary.LittleEndian.PutUint32(word[:], uint32(r))
		_, err = out.Write(word[:])
		n += 4
	}
	if err = errors.Join(err, out.Flush()); err != nil {
		return 0, fmt.Errorf("hierarchy.WriteTo: %w", err)
	}
	k, err := w.Write(sum.Sum(nil))
	if err != nil {
		err = fmt.Errorf("hierarchy.WriteTo: %w", err)
	}
	return n + int64(k), err
}

// Read takes up what WriteTo kept for the very same graph. A file of another graph, of another version or with damage is an
// Invalid fault; the remedy is to prepare anew. progress is told of the contraction.
func Read(ctx context.Context, r io.Reader, g Graph, progress func(share float64)) (*Hierarchy, error) {
	bad := func(format string, args ...any) error {
		return fault.New("hierarchy.Read", fault.Invalid, format, args...).Mend("remove the file; it is made anew")
	}
	if err := g.check("hierarchy.Read"); err != nil {
		return nil, err
	}
	sum := sha256.New()
	in := io.TeeReader(r, sum)
	digest := g.Digest()
	head := make([]byte, len(cacheMagic)+sha256.Size+8)
	if _, err := io.ReadFull(in, head); err != nil {
		return nil, bad("the file ends in its head")
	}
	switch rest := head[len(cacheMagic):]; {
	case string(head[:len(cacheMagic)]) != cacheMagic:
		return nil, bad("this is no hierarchy of this version")
	case [sha256.Size]byte(rest[:sha256.Size]) != digest:
		return nil, bad("the file was made for another graph")
	case binary.LittleEndian.Uint64(rest[sha256.Size:]) != uint64(g.Vertices()):
		return nil, bad("the file has another number of vertices than the graph")
	}
	body := make([]byte, 4*g.Vertices())
	if _, err := io.ReadFull(in, body); err != nil {
		return nil, bad("the file ends too early")
	}
	want := sum.Sum(nil)
	tail := make([]byte, sha256.Size+1)
	if n, err := io.ReadFull(r, tail); !errors.Is(err, io.ErrUnexpectedEOF) || n != sha256.Size || string(tail[:n]) != string(want) {
		return nil, bad("the file is damaged: its sum is not right")
	}
	rank := make([]int32, g.Vertices())
	for v := range rank {
		rank[v] = int32(binary.LittleEndian.Uint32(body[4*v:]))
	}
	return Contract(ctx, g, rank, progress)
}
