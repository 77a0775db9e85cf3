package witness

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

const (
	privateTitle = "PRIVATE KEY"
	publicTitle  = "PUBLIC KEY"
)

// OpenKey reads the witness's key (PEM, PKCS 8), or makes it where there is none, readable by its owner only, with its
// public half beside it (path + ".pub") for whoever checks. heads is the file of heads that it signs: where heads
// exist a missing key is never made anew, because nobody could then tell old heads from forged ones.
func OpenKey(path, heads string) (ed25519.PrivateKey, error) {
	const op = "witness.OpenKey"
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if info, err := os.Stat(heads); err == nil && info.Size() > 0 {
			return nil, fault.New(op, fault.Conflict, "there are signed heads but not the key that signed them").Mend("put the key back")
		}
		return makeKey(path)
	}
	if err != nil {
		return nil, fault.Wrap(op, fault.Unavailable, err, "the witness's key cannot be read")
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != privateTitle {
		return nil, fault.Wrap(op, fault.Internal, journal.ErrCorrupt, "the witness's key is damaged")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, fault.Wrap(op, fault.Internal, errors.Join(journal.ErrCorrupt, err), "the witness's key is damaged")
	}
	return key, nil
}

// ReadPublic reads the public half of a witness's key. Errors: fault.NotFound, journal.ErrCorrupt.
func ReadPublic(path string) (ed25519.PublicKey, error) {
	const op = "witness.ReadPublic"
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Wrap(op, fault.NotFound, err, "the witness's public key cannot be read")
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != publicTitle {
		return nil, fault.Wrap(op, fault.Invalid, journal.ErrCorrupt, "this is no public key")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	key, ok := parsed.(ed25519.PublicKey)
	if err != nil || !ok {
		return nil, fault.Wrap(op, fault.Invalid, errors.Join(journal.ErrCorrupt, err), "this is no public key of a witness")
	}
	return key, nil
}

func makeKey(path string) (ed25519.PrivateKey, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("witness: no key can be made: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("witness: the key cannot be written: %w", err)
	}
	open, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("witness: the key cannot be written: %w", err)
	}
	// The private half last: without it the next start makes both anew.
	if err := write(path+".pub", publicTitle, open); err != nil {
		return nil, err
	}
	return private, write(path, privateTitle, secret)
}

// write puts a file in place, whole and durable.
func write(path, title string, content []byte) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".key-") // Mode 0600.
	if err != nil {
		return fmt.Errorf("witness: the key cannot be written: %w", err)
	}
	err = pem.Encode(f, &pem.Block{Type: title, Bytes: content})
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("witness: the key cannot be written: %w", errors.Join(err, os.Remove(f.Name())))
	}
	d, err := os.Open(dir)
	if err == nil {
		err = errors.Join(d.Sync(), d.Close())
	}
	if err != nil {
		return fmt.Errorf("witness: the folder of the key cannot be synced: %w", err)
	}
	return nil
}
