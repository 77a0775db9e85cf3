package journal

import (
	"context"
	"errors"
	"iter"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
)

// The ways in which a store refuses. They are matched with errors.Is.
var (
	ErrEpoch    = errors.New("journal: another writer has taken over")              // A newer epoch exists. This writer must stop for good.
	ErrPosition = errors.New("journal: the append does not follow the last record") // after is not the last sequence.
	ErrLocked   = errors.New("journal: another process has it open for writing")    // The error text names the process where it is known.
	ErrCorrupt  = errors.New("journal: what is stored is not what was written")     // Damaged; nothing is ever overwritten.
	ErrFull     = errors.New("journal: the disk is full")                           // Nothing of the append was stored.
	ErrErased   = errors.New("journal: the key of this private part was destroyed") // Erasure has done its work.
)

// Head is where a journal ends.
type Head struct {
	Seq cad.Seq   // The last record; 0 if there is none.
	At  time.Time // When it was recorded; zero if there is none.
}

// Answer is what a command was told, kept beside its facts so that a repeat is told the same.
type Answer struct {
	Actor cad.ActorID
	Key   string
	Hash  [32]byte  // Keyed hash of the command's body.
	Body  []byte    // The answer as JSON. Never holds personal data.
	Seq   cad.Seq   // The last record of the command, or the journal's end if it changed nothing.
	At    time.Time // When it was given, UTC.
}

// Snapshot is the folded state at one position, so that a start need not replay from 0. It may be deleted.
type Snapshot struct {
	Seq   cad.Seq
	State []byte    // As the desk wrote it; private parts are still sealed.
	Hash  [32]byte  // SHA-256 of State, checked when it is read.
	At    time.Time // When it was taken, UTC.
}

// Store is one centre's journal on some medium. All makers pass journaltest.Run.
//
// Reads may run beside an append and see only what is durable. Append returns nil only when every record and
// answer would survive the loss of power at that moment; after any other outcome the caller must not append
// again before Begin, because it cannot know what was stored.
type Store interface {
	// Begin takes a new epoch for writing and says where the journal ends. An older writer's Append fails from now on.
	Begin(ctx context.Context) (Epoch, Head, error)
	// Renew is Begin for a writer whose append failed: it takes a new epoch only if nobody else has begun since this
	// store did, and is ErrEpoch otherwise. A writer that lost its medium for a while must not take the journal back
	// from the one that replaced it.
	Renew(ctx context.Context) (Epoch, Head, error)
	// Append stores records and answers, all or nothing, after the given last sequence. records may be empty
	// (an answer that changed nothing). Errors: ErrEpoch, ErrPosition, ErrFull, ErrCorrupt, or the medium's own.
	Append(ctx context.Context, epoch Epoch, after cad.Seq, records []Record, answers []Answer) error

	// Head is the end of what is durable.
	Head(ctx context.Context) (Head, error)
	// Read gives the records after a sequence, in order. A gap or a damaged record ends it with ErrCorrupt.
	Read(ctx context.Context, after cad.Seq) iter.Seq2[Record, error]
	// BySubject gives the records about one life, in order.
	BySubject(ctx context.Context, subject cad.Subject) iter.Seq2[Record, error]
	// Answer finds what a command was told, for at least 30 days.
	Answer(ctx context.Context, actor cad.ActorID, key string) (Answer, bool, error)
	// AnswersSince gives the answers from a moment on, oldest first, to fill the memory of a starting writer.
	AnswersSince(ctx context.Context, at time.Time) iter.Seq2[Answer, error]
	// ForgetAnswers removes answers given before a moment.
	ForgetAnswers(ctx context.Context, before time.Time) error

	// Leaves gives the Merkle leaf hashes of records after..to (exclusive, inclusive), recomputed from the stored bytes.
	Leaves(ctx context.Context, after, to cad.Seq) iter.Seq2[tlog.Hash, error]
	// SaveSnapshot keeps a snapshot; at least the newest two stay.
	SaveSnapshot(ctx context.Context, s Snapshot) error
	// LatestSnapshot is the newest one that is whole; a damaged one is passed over, not an error.
	LatestSnapshot(ctx context.Context) (Snapshot, bool, error)

	// Cursor is how far a reactor has answered; 0 at first. SetCursor keeps it (not synced: a repeat is harmless).
	Cursor(ctx context.Context, reactor string) (cad.Seq, error)
	SetCursor(ctx context.Context, reactor string, seq cad.Seq) error

	// Close lets go of the medium.
	Close() error
}

// Keys seals and opens private parts: one key per subject, kept apart from the journal. A subject's key is
// durable before a record that needs it can be.
type Keys interface {
	// Seal encrypts plain under the subject's key, which is made if there is none.
	Seal(subject cad.Subject, plain []byte) (cad.Sealed, error)
	// Open decrypts. ErrErased after Destroy, ErrCorrupt if the bytes are not what was sealed.
	Open(s cad.Sealed) ([]byte, error)
	// Adopt tells the store which slot a subject uses, as read from the journal.
	Adopt(s cad.Sealed)
	// Destroy makes everything sealed for the subject unreadable for ever. It is durable when it returns.
	Destroy(subject cad.Subject) error
	// MAC is a keyed hash for comparing commands without keeping what they said.
	MAC(data []byte) [32]byte
	// Close lets go of the files.
	Close() error
}

// Blobs keeps files beside the journal: addressed by content, encrypted, and durable before the fact that names them.
type Blobs interface {
	// Put stores content under its SHA-256 and returns that name; putting the same content twice is harmless.
	Put(ctx context.Context, subject cad.Subject, content []byte) (name string, err error)
	// Get reads content back and checks it against its name.
	Get(ctx context.Context, name string) ([]byte, error)
	// Erase removes every blob of a subject.
	Erase(ctx context.Context, subject cad.Subject) error
}
