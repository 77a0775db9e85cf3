package keyfile

import (
	"fmt"
	"strings"
	"testing"

	"shuniu/internal/cad"
)

func BenchmarkSeal(b *testing.B) {
	s := open(b, b.TempDir(), Options{})
	plain := []byte(strings.Repeat("x", 200))
	for i := 0; b.Loop(); i++ {
		if _, err := s.Seal(cad.Subject(fmt.Sprint("call:", i&1023)), plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealNewSubject(b *testing.B) {
	s := open(b, b.TempDir(), Options{})
	plain := []byte(strings.Repeat("x", 200))
	for i := 0; b.Loop(); i++ {
		if _, err := s.Seal(cad.Subject(fmt.Sprint("call:", i)), plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	s := open(b, b.TempDir(), Options{})
	sealed := make([]cad.Sealed, 1024)
	for i := range sealed {
		sealed[i] = seal(b, s, cad.Subject(fmt.Sprint("call:", i)), strings.Repeat("x", 200))
	}
	for i := 0; b.Loop(); i++ {
		if _, err := s.Open(sealed[i&1023]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAdoptUnknown(b *testing.B) {
	s := open(b, b.TempDir(), Options{CacheKeys: 16})
	sealed := make([]cad.Sealed, 4096)
	for i := range sealed {
		sealed[i] = seal(b, s, cad.Subject(fmt.Sprint("call:", i)), strings.Repeat("x", 200))
	}
	for i := 0; b.Loop(); i++ {
		s.Adopt(sealed[i&4095])
	}
}
