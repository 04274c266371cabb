package desk_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/desk"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// picture is a file that passes for a PNG.
func picture(size int) string {
	content := make([]byte, size)
	_, _ = rand.Read(content) // never fails
	copy(content, "\x89PNG\r\n\x1a\n")
	return string(content)
}

// upload has somebody send a file.
func (w *talk) upload(who, kind, name, content string) *servertest.Answer {
	w.t.Helper()
	return w.as(who).Do("POST", "/v1/files", content, "Content-Type", kind, "Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
}

// send is upload of a picture, which gives its id.
func (w *talk) send(who string) string {
	w.t.Helper()
	return w.upload(who, "image/png", "screen.png", picture(100)).Expect(201).String("id")
}

// get has somebody ask for a file.
func (w *talk) get(who, id string) *servertest.Answer {
	w.t.Helper()
	return w.as(who).Do("GET", "/v1/files/"+id, nil)
}

// attach has a file go with a message of somebody.
func (w *talk) attach(who, id string) error {
	w.t.Helper()
	return w.s.DB.Write(w.t.Context(), w.ID, func(tx *store.Tx) error {
		_, err := desk.AttachFile(w.t.Context(), tx, w.id, w.user(who), id)
		return err
	})
}

// carry is attach with the message, which the requester sees or does not.
func (w *talk) carry(who, id string, public bool) {
	w.t.Helper()
	if err := w.attach(who, id); err != nil {
		w.t.Fatal(err)
	}
	kind, seq := "note", any(nil)
	if public {
		kind, seq = "file", time.Now().UnixNano() // any number will do
	}
	w.write(`
		INSERT INTO messages (tenant_id, conversation_id, seq, id, public_seq, kind, author_id, author_face, body, file_id, created_at)
		SELECT $1, $2, count(*) + 1, $3, $4, $5, $6, 'agent', '', $7, 0
		FROM messages m
		WHERE m.tenant_id = $1 AND m.conversation_id = $2`, w.id, id, seq, kind, w.user(who), id)
}

// blobs are what lies in the folder of files.
func blobs(t *testing.T, s *servertest.Server) (names []string) {
	t.Helper()
	err := filepath.WalkDir(s.Files, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestAFileIsForWhoSeesTheMessageThatCarriesIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		check := func(what, id string, allowed ...string) {
			t.Helper()
			for name := range w.clients {
				if answer := w.get(name, id); slices.Contains(allowed, name) {
					answer.Expect(200)
				} else {
					answer.Refused(404, "not_found")
				}
			}
		}
		content := picture(300_000)
		sent := w.upload("rui", "image/png", "打印机 1.png", content).Expect(201)
		if sent.String("name") != "打印机 1.png" || sent.String("media_type") != "image/png" || sent.Value("size") != 300_000.0 {
			t.Errorf("the answer is %s", sent.Body)
		}
		id := sent.String("id")
		check("loose", id, "rui")
		w.carry("rui", id, true)
		check("said", id, "rui", "ann", "lin", "ada", "root")
		answer := w.get("ann", id)
		if string(answer.Body) != content || answer.Header.Get("Content-Type") != "image/png" || answer.Header.Get("Audit-Record") == "" {
			t.Errorf("%d bytes, %v", len(answer.Body), answer.Header)
		}
		note := w.send("ann")
		check("loose", note, "ann")
		w.carry("ann", note, false)
		check("noted", note, "ann", "lin", "ada", "root")

		// Whoever may read everything has one face in what they ask themselves.
		w.id = w.begin("root", "ann")
		note = w.send("ann")
		w.carry("ann", note, false)
		check("noted about the chief", note, "ann", "lin", "ada")
		// A file whose message is not there is nobody's.
		lost := w.send("ann")
		if err := w.attach("ann", lost); err != nil {
			t.Fatal(err)
		}
		check("lost", lost)
	})
}

func TestFilesAreShownOnlyWhenTheyAreImages(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		for kind, content := range map[string]string{"image/png": picture(50), "application/pdf": "%PDF-1.7\n", "text/plain": "hello <script>"} {
			id := w.upload("rui", kind, "a", content).Expect(201).String("id")
			for query, how := range map[string]string{"": "attachment", "?inline=true": "inline", "?inline=false": "attachment"} {
				if kind != "image/png" {
					how = "attachment"
				}
				answer := w.as("rui").Do("GET", "/v1/files/"+id+query, nil).Expect(200)
				if got := answer.Header.Get("Content-Disposition"); !strings.HasPrefix(got, how+";") || answer.Header.Get("Content-Type") != kind {
					t.Errorf("%s%s comes as %q, %v", kind, query, got, answer.Header)
				}
			}
		}
	})
}

func TestAFileGoesWithOneMessageOfItsUploader(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		id := w.send("rui")
		for _, who := range []string{"ann", "root", "zoe"} {
			if err := w.attach(who, id); err == nil {
				t.Errorf("%s takes a file of somebody else", who)
			}
		}
		if err := w.attach("rui", id); err != nil {
			t.Error(err)
		}
		if err := w.attach("rui", id); err == nil {
			t.Error("a file goes with two messages")
		}
		if err := w.attach("rui", "01900000-0000-7000-8000-000000000000"); err == nil {
			t.Error("a file that never existed goes with a message")
		}
	})
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.upload("rui", "text/plain", "a.txt", "<html><script>alert(1)</script>").Refused(415, "file_type_mismatch")
		w.upload("rui", "image/png", "a.png", "<svg xmlns='http://www.w3.org/2000/svg'/>").Refused(415, "file_type_mismatch")
		w.upload("rui", "image/png", "a.png", "").Refused(415, "file_type_mismatch")
		for _, kind := range []string{"text/html", "image/svg+xml", "application/octet-stream", "application/json", "multipart/form-data; boundary=x"} {
			w.upload("rui", kind, "a.png", picture(50)).Refused(415, "unsupported_file_type")
		}
		w.upload("rui", "image/png", "a.png", picture(20<<20+1)).Refused(413, "too_large")
		w.upload("rui", "image/png", "a\u202egnp.exe", picture(50)).Refused(422, "invalid_request")
		w.as("rui").Do("POST", "/v1/files", picture(50), "Content-Type", "image/png").Refused(422, "invalid_request")
		w.as("rui").Do("POST", "/v1/files", picture(50), "Content-Type", "image/png", "Content-Disposition", "attachment").Refused(422, "invalid_request")
		w.as("rui").Do("POST", "/v1/files", "x", "Content-Type", "text/plain", "Content-Disposition", `attachment; filename="a"`, "Origin", "https://elsewhere.example").
			Refused(403, "foreign_origin")
		w.upload("ada", "image/png", "a.png", picture(50)).Refused(403, "no_permission")
		if left := blobs(t, s); len(left) > 0 {
			t.Errorf("what was refused left %v", left)
		}
		w.upload("rui", "image/png", "a.png", picture(20<<20)).Expect(201)
	})
}

func TestLooseFilesAreBounded(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		id := w.send("rui")
		for range 19 {
			w.send("rui")
		}
		w.upload("rui", "image/png", "a.png", picture(50)).Refused(429, "too_many_loose_files")
		w.send("ann") // whose own are counted alone
		if err := w.attach("rui", id); err != nil {
			t.Fatal(err)
		}
		w.send("rui")
		w.upload("rui", "image/png", "a.png", picture(50)).Refused(429, "too_many_loose_files")

		w.write(`UPDATE files SET size = $2 WHERE tenant_id = $1 AND uploader_id = $3`, 100<<20-100, w.user("ann"))
		before := len(blobs(t, s))
		w.upload("ann", "image/png", "a.png", picture(101)).Refused(429, "too_many_loose_files")
		if left := blobs(t, s); len(left) != before {
			t.Errorf("what was refused left %v", left[before:])
		}
		w.upload("ann", "image/png", "a.png", picture(100)).Expect(201)
	})
}

// What messages carry counts too: for a day against its uploader, and for ever against the tenant.
func TestFilesAreBoundedByDayAndTenant(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		carries := func(who string, n int) {
			write(t, s, w.ID, func(tx *store.Tx) error {
				for range n {
					id := store.NewID(tx.Now)
					if _, err := tx.Exec(t.Context(), `
						INSERT INTO files (tenant_id, id, uploader_id, name, media_type, size, sha256, blob, conversation_id, created_at)
						VALUES ($1, $2, $3, 'a.png', 'image/png', 1, '', $2, $4, $5)`, id, w.user(who), w.id, tx.Now.UnixMicro()); err != nil {
						return err
					}
				}
				return nil
			})
		}
		carries("rui", 199)
		carries("ann", 1)
		w.send("rui")
		w.upload("rui", "image/png", "a.png", picture(50)).Refused(429, "too_many_files")
		w.write(`UPDATE files SET size = $2 WHERE tenant_id = $1 AND uploader_id = $3`, 1<<30-100, w.user("ann"))
		before := len(blobs(t, s))
		w.upload("ann", "image/png", "a.png", picture(101)).Refused(429, "too_many_files")
		if left := blobs(t, s); len(left) != before {
			t.Errorf("what was refused left %v", left[before:])
		}
		w.upload("ann", "image/png", "a.png", picture(100)).Expect(201)
		s.Clock.Advance(25 * time.Hour)
		rui, ann := w.as("rui").User.SignIn(), w.as("ann").User.SignIn()
		w.clients["rui"], w.clients["ann"] = rui, ann
		w.upload("rui", "image/png", "a.png", picture(50)).Expect(201)
		w.write(`UPDATE files SET size = $2 WHERE tenant_id = $1 AND uploader_id = $3 AND conversation_id IS NOT NULL`, 1<<30, w.user("rui"))
		w.write(`DELETE FROM desk_positions WHERE tenant_id = $1 AND stream = 'files'`) // what has changed around the program is added up anew
		w.upload("rui", "image/png", "a.png", picture(50)).Refused(409, "no_room_for_files")
		w.upload("ann", "image/png", "a.png", picture(50)).Refused(409, "no_room_for_files")
	})
}

// What all files take is counted with each that comes and goes, also by many at once, and where nobody has counted yet.
func TestTheRoomOfAllFilesIsCounted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		counted := func(when string) {
			t.Helper()
			sum := w.count(`SELECT CAST(coalesce(sum(f.size), 0) AS BIGINT) FROM files f WHERE f.tenant_id = $1`)
			if n := w.count(`SELECT p.last FROM desk_positions p WHERE p.tenant_id = $1 AND p.stream = 'files'`); n != sum {
				t.Errorf("%s: %d bytes are counted, and there are %d", when, n, sum)
			}
		}
		sendAll := func() {
			var all sync.WaitGroup
			for i := range 6 {
				client := *w.as([]string{"rui", "ann"}[i%2])
				all.Go(func() {
					client.Do("POST", "/v1/files", picture(100+i), "Content-Type", "image/png", "Content-Disposition", `attachment; filename="a.png"`).Expect(201)
				})
			}
			all.Wait()
		}
		sendAll()
		counted("at first")
		w.write(`DELETE FROM desk_positions WHERE tenant_id = $1 AND stream = 'files'`)
		sendAll()
		counted("a desk that is older than the count")
		w.write(`UPDATE files SET created_at = 0 WHERE tenant_id = $1 AND uploader_id = $2`, w.user("rui"))
		if err := s.Desk.SweepFiles(t.Context()); err != nil {
			t.Fatal(err)
		}
		counted("some are swept away")
	})
}

// However many are sent at once, no more than the limit are taken, and nothing is left of the others.
func TestLooseFilesAreBoundedAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		for range 18 {
			w.send("rui")
		}
		statuses := make([]int, 4) // as many as a user may send at once
		var all sync.WaitGroup
		for i := range statuses {
			client := *w.as("rui")
			all.Go(func() {
				statuses[i] = client.Do("POST", "/v1/files", picture(5000), "Content-Type", "image/png", "Content-Disposition", `attachment; filename="a.png"`).Status
			})
		}
		all.Wait()
		slices.Sort(statuses)
		if got := fmt.Sprint(statuses); got != "[201 201 429 429]" {
			t.Errorf("the answers are %s", got)
		}
		if left := blobs(t, s); len(left) != 20 {
			t.Errorf("there are %d blobs of 20 files", len(left))
		}
	})
}

// A place of files that cannot be used refuses, and neither a row nor half a file stays.
func TestFilesThatAreAway(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		id := w.send("rui")
		folder := filepath.Join(s.Files, w.ID)
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		w.get("rui", id).Refused(503, "files_unavailable")
		if err := os.WriteFile(folder, nil, 0o600); err != nil { // where a folder should be
			t.Fatal(err)
		}
		answer := w.upload("rui", "image/png", "a.png", picture(50)).Refused(503, "files_unavailable")
		if bytes.Contains(answer.Body, []byte(s.Files)) || answer.Header.Get("Retry-After") == "" {
			t.Errorf("the answer is %v %s", answer.Header, answer.Body)
		}
		if n := w.count(`SELECT count(*) FROM files f WHERE f.tenant_id = $1`); n != 1 {
			t.Errorf("there are %d rows of one file", n)
		}
	})
}

// count is the number that a query of the tenant gives.
func (w *talk) count(query string, args ...any) (n int64) {
	w.t.Helper()
	err := w.s.DB.Read(w.t.Context(), w.ID, func(tx *store.Tx) error { return tx.QueryRow(w.t.Context(), query, args, &n) })
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// swept are the targets of the records that a sweep has left.
func (w *talk) swept(event string) (targets []string) {
	w.t.Helper()
	err := w.s.DB.Read(w.t.Context(), w.ID, func(tx *store.Tx) error {
		records, err := store.Collect(w.t.Context(), tx, func(row store.Row) (body []byte, err error) {
			return body, row.Scan(&body)
		}, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1 AND b.event = $2`, event)
		for _, body := range records {
			record, err := trail.Parse(body)
			if err != nil {
				return err
			}
			for _, target := range record.Target {
				targets = append(targets, target.Type+" "+target.ID)
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(targets)
	return targets
}

// After a day a loose file is gone, row and bytes, and so are bytes without a row; what a message carries
// stays, and so does what is younger.
func TestLooseFilesAreSweptAway(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		carried, loose := w.send("rui"), []string{"file " + w.send("rui"), "file " + w.send("ann")}
		w.carry("rui", carried, true)
		orphan := w.tenantBlob("ab", strings.Repeat("a", 26))
		half := w.tenantBlob("ab", strings.Repeat("b", 26)+".part")
		sweep := func() {
			t.Helper()
			if err := s.Desk.SweepFiles(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		sweep()
		if n := len(blobs(t, s)); n != 5 {
			t.Fatalf("what is young was swept: %d remain", n)
		}
		s.Clock.Advance(24*time.Hour + time.Minute)
		sweep()
		sweep() // a second node finds nothing
		slices.Sort(loose)
		if got := w.swept("file.sweep"); !slices.Equal(got, loose) {
			t.Errorf("the records name %v, not %v", got, loose)
		}
		if got, want := w.swept("blob.sweep"), []string{"blob " + orphan, "blob " + half}; !slices.Equal(got, want) {
			t.Errorf("the records name %v, not %v", got, want)
		}
		if left := blobs(t, s); len(left) != 1 {
			t.Errorf("there remain %v", left)
		}
		if n := w.count(`SELECT count(*) FROM files f WHERE f.tenant_id = $1`); n != 1 {
			t.Errorf("there remain %d rows", n)
		}
	})
}

// letters is a number as blobs have them in their names.
func letters(n int) string {
	return strings.NewReplacer("0", "a", "1", "b", "8", "c", "9", "d").Replace(fmt.Sprintf("%026d", n))
}

// tenantBlob lays something into the tenant's folder that no row knows, and returns its name.
func (w *talk) tenantBlob(between, name string) string {
	w.t.Helper()
	name = w.ID + "/" + between + "/" + name
	if err := os.MkdirAll(filepath.Dir(filepath.Join(w.s.Files, name)), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.s.Files, name), []byte("x"), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return name
}

// Many at a time are swept as those are of which one record can tell.
func TestManyLooseFilesAreSweptAway(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		const many = 2*trail.MaxTargets + 1
		err := s.DB.Write(t.Context(), w.ID, func(tx *store.Tx) error {
			for i := range many {
				_, err := tx.Exec(t.Context(), `
					INSERT INTO files (tenant_id, id, uploader_id, name, media_type, size, sha256, blob, created_at)
					VALUES ($1, $2, $3, 'a', 'text/plain', 1, '', $2, 0)`, letters(i), w.user("rui"))
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range many {
			w.tenantBlob("ab", letters(i))
		}
		s.Clock.Advance(24*time.Hour + time.Minute)
		if err := s.Desk.SweepFiles(t.Context()); err != nil {
			t.Fatal(err)
		}
		if files, loose := w.swept("file.sweep"), w.count(`SELECT count(*) FROM files f WHERE f.tenant_id = $1`); len(files) != many || loose > 0 {
			t.Errorf("%d files were swept, %d remain", len(files), loose)
		}
		if left := blobs(t, s); len(left) > 0 {
			t.Errorf("there remain %v", left)
		}
	})
}

// A node answers with what came in through another: they share the folder.
func TestFilesAreThereOnEveryNode(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		second := s.Beside("second", s.DB, nil)
		content := picture(1000)
		id := w.upload("rui", "image/png", "a.png", content).Expect(201).String("id")
		if answer := w.as("rui").At(second).Do("GET", "/v1/files/"+id, nil).Expect(200); string(answer.Body) != content {
			t.Errorf("%d bytes came", len(answer.Body))
		}
	})
}
