package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/media"
)

// Limits of a file.
const (
	maxFileBytes   = 20 << 20
	fileNameMax    = 120         // Runes that are kept of a name.
	fileReadWithin = time.Minute // A slow line may take so long for one.
)

type fileInput struct {
	WriteHeaders
	ID      string `path:"id" maxLength:"80"`
	Name    string `query:"name" maxLength:"1000" doc:"Its name, for people; it says nothing about its type."`
	RawBody []byte `contentType:"application/octet-stream"`
}

// FileTaken is the answer to a file.
type FileTaken struct {
	ID        incident.FileID `json:"id"`
	Name      string          `json:"name,omitempty"`
	Type      string          `json:"type"`
	Bytes     int64           `json:"bytes"`
	Digest    string          `json:"digest"`
	Seq       cad.Seq         `json:"seq"`
	Duplicate bool            `json:"duplicate,omitempty" doc:"The incident holds this content already, under this id."`
}

type fileOutput struct {
	Replay bool `header:"Idempotent-Replay"`
	Body   FileTaken
}

type contentOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Resource    string `header:"Cross-Origin-Resource-Policy"`
	Body        []byte
}

type withdrawBody struct {
	ID     incident.FileID `json:"id" maxLength:"120"`
	Reason string          `json:"reason,omitempty" maxLength:"2000"`
}

// fileRoutes lists the addresses about files of incidents.
func (s *Server) fileRoutes() {
	huma.Register(s.api, huma.Operation{
		OperationID: "post-incident-file", Method: http.MethodPost, Path: "/api/v1/incidents/{id}/files", Summary: "Add a picture, a recording or a document: the content is the body",
		Tags: []string{"incidents"}, MaxBodyBytes: maxFileBytes, BodyReadTimeout: fileReadWithin, Errors: writeErrors(),
	}, s.addFile)
	put(s, "/incidents/{id}/withdraw-file", "Take a file out of it: it is not shown any more", func(q request, id string, b withdrawBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Reason)
		return joint.AboutIncident{ID: i, Name: "withdraw_file", Cmd: incident.WithdrawFile{ID: i, File: b.ID, Reason: sealed}}, err
	})
	huma.Register(s.api, huma.Operation{
		OperationID: "get-file", Method: http.MethodGet, Path: "/api/v1/files/{id}", Summary: "The content of a file", Tags: []string{"incidents"},
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}},
	}, s.file)
}

// addFile makes the content durable first, so that no fact names a file that is not there. It asks before whether the
// incident would take it: a refused content touches no disk.
func (s *Server) addFile(ctx context.Context, in *fileInput) (*fileOutput, error) {
	const op = "api.AddFile"
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	if q.centre.Blobs == nil {
		return nil, s.refuse(ctx, fault.New(op, fault.Unavailable, "files cannot be kept here").Because("no_files_kept").Mend("describe it in a note"))
	}
	kind, ok := media.Sniff(in.RawBody)
	if !ok {
		return nil, s.refuse(ctx, fault.New(op, fault.Invalid, "a file of this type is not taken").
			Because("bad_file", "taken", strings.Join(media.Taken(), " ")).At("body").Mend("save it as one of: "+strings.Join(media.Taken(), ", ")))
	}
	id := q.incidentID(in.ID)
	subject := incident.Subject(id)
	sum := sha256.Sum256(in.RawBody)
	words := board.FileWords{Type: kind.ID, Name: fileName(in.Name)}
	if kind.ID == "jpeg" {
		shot := media.ReadCamera(in.RawBody)
		if words.Shot = shot.At; shot.Place != nil {
			words.Lon, words.Lat = &shot.Place.Lon, &shot.Place.Lat
		}
	}
	cmd := joint.AddFile{ID: id, Kind: kind.ID, Bytes: int64(len(in.RawBody)), Digest: hex.EncodeToString(sum[:])}
	if err := q.centre.Desk.Try(ctx, desk.Wish{Actor: q.actor, Command: cmd}); err != nil {
		return nil, s.refuse(ctx, err)
	}
	if _, err := q.centre.Blobs.Put(ctx, subject, in.RawBody); err != nil {
		return nil, s.refuse(ctx, fault.Wrap(op, fault.Unavailable, err, "the file was not stored").Because("not_stored").Mend("send it again under the same key"))
	}
	var err error
	if cmd.Private, err = q.centre.Desk.Seal(subject, words); err != nil {
		return nil, s.refuse(ctx, err)
	}
	out, err := s.do(q, in.WriteHeaders, []byte(in.ID+"\n"+in.Name+"\n"+cmd.Digest), cmd, http.StatusOK)
	if err != nil {
		return nil, err
	}
	return &fileOutput{Replay: out.Replay, Body: FileTaken{
		ID: incident.FileID(out.Body.ID), Name: words.Name, Type: kind.ID, Bytes: cmd.Bytes, Digest: cmd.Digest, Seq: out.Body.Seq,
		Duplicate: out.Body.Unchanged,
	}}, nil
}

// fileName keeps what people can read of a name; no path, no control characters.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.TrimSpace(name), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > fileNameMax {
		name = string(runes[:fileNameMax])
	}
	if name == "." || name == "/" {
		return ""
	}
	return name
}

// file gives a content to whoever may read the words of its incident. A browser shows pictures and documents, in a box
// where nothing of them can run; everything else it only saves.
func (s *Server) file(ctx context.Context, in *struct {
	ID incident.FileID `path:"id" maxLength:"120"`
},
) (*contentOutput, error) {
	const op = "api.File"
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	f, err := q.fileOf(in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	kind, ok := media.ByID(f.Kind)
	if !ok || q.centre.Blobs == nil {
		return nil, s.refuse(ctx, fault.New(op, fault.Unavailable, "files cannot be read here").Because("no_files_kept"))
	}
	content, err := q.centre.Blobs.Get(ctx, f.Digest)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	way := "attachment"
	if kind.Show {
		way = "inline"
	}
	name := strings.ReplaceAll(string(in.ID), ".", "-") + kind.Ext // The name that people gave may lie about the type.
	return &contentOutput{
		ContentType: kind.MIME, Disposition: mime.FormatMediaType(way, map[string]string{"filename": name}),
		Policy: "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'", Resource: "same-origin", Body: content,
	}, nil
}

// fileOf finds a file, also of an incident that has left memory, for whoever may see it and read its words.
func (q request) fileOf(id incident.FileID) (incident.File, error) {
	const op = "api.File"
	none := fault.New(op, fault.NotFound, "there is no such file").Because("no_file")
	i := id.Incident()
	_, private, err := q.seen(i)
	if err != nil {
		return incident.File{}, none
	}
	if !private {
		return incident.File{}, fault.New(op, fault.Denied, "the files of this incident are not yours to read").Because("not_yours", "subject", string(incident.Subject(i)))
	}
	var s incident.State
	q.centre.Board.Look(func(h *joint.House) { s = h.Incident(i) })
	if s.ID == "" {
		h, err := q.centre.Desk.Recall(q.ctx, i)
		if err != nil {
			return incident.File{}, err
		}
		s = h.Incident(i)
	}
	f, ok := s.File(id)
	switch {
	case !ok:
		return f, none
	case f.Withdrawn != nil:
		return f, fault.New(op, fault.NotFound, "the file was withdrawn").Because("file_withdrawn").Mend("the story says by whom and why")
	case !q.centre.Board.Kept(f): // Another incident may hold the same content: it is not shown as this one's.
		return f, fault.New(op, fault.NotFound, "the file was erased").Because("file_erased")
	}
	return f, nil
}
