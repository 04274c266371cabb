package desk

import (
	"context"
	"errors"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Attachment is a file that somebody has sent: what the database knows of it. The bytes lie outside. It is
// loose until a message carries it, and its uploader's alone; from then on whoever sees the message has it.
type Attachment struct {
	ID           string
	Uploader     string
	Name         string // that it is saved under, with an ending that fits its type
	Type         string // one of fileKinds
	Size         int64  // bytes
	SHA256       string // in hexadecimal
	Blob         string // under which the bytes lie
	Conversation string // "" while it is loose
	CreatedAt    time.Time
}

// What may be sent.
const (
	maxFile    = 20 << 20       // bytes of one file
	looseFiles = 20             // of one user
	looseBytes = 100 << 20      // of one user
	looseFor   = 24 * time.Hour // after which a loose file is swept away
	dayFiles   = 200            // of one user in a day: more than an agent sends who sends one with each answer
	dayBytes   = 1 << 30        // of one user in a day
	allBytes   = 100 << 30      // of one tenant: no tenant takes the room of the others
)

// Codes of files.
var (
	errNotThatType = fault.Define(fault.Unsupported, "file_type_mismatch", "The file is not what it is said to be.", "文件内容与声明的类型不符。",
		"Send it as what it is. HTML, SVG and other markup are not taken under any name.")
	errLooseFiles = fault.Define(fault.TooMany, "too_many_loose_files", "You have sent too many files that no message carries.", "未发送的文件过多。",
		"Send messages with some of them; what no message carries is gone after a day.")
	errDaysFiles = fault.Define(fault.TooMany, "too_many_files", "You have sent too many files today.", "您今天发送的文件过多。",
		"Go on tomorrow, or put several into one.")
	errNoRoom = fault.Define(fault.Conflict, "no_room_for_files", "The room for your organisation's files is used up.", "贵组织的文件存储空间已用完。",
		"Tell your administrator, and the operator of the server; conversations go on without files.")
	errFilesAway = fault.Define(fault.Unavailable, "files_unavailable", "Files cannot be stored or read right now; nothing was changed.", "文件存储暂时不可用，未做任何更改。",
		"Try again after the time in Retry-After. The operator finds the cause in the log: a full disk, or a node that does not share the folder of files.")
	errNoLooseFile = fault.Define(fault.Conflict, "file_not_loose", "This is no file of yours that waits for a message.", "该文件不存在、不属于您或已随其他消息发送。",
		"Upload the file, within a day before the message; each file goes with one message.")
)

// attachFile has a message of the uploader carry a loose file of theirs, in the transaction of the message.
// A file goes with one message.
func attachFile(ctx context.Context, tx *store.Tx, conversation, uploader, id string) (Attachment, error) {
	f, err := store.One(ctx, tx, scanAttachment, `
		UPDATE files
		SET conversation_id = $2
		WHERE tenant_id = $1 AND id = $3 AND uploader_id = $4 AND conversation_id IS NULL
		RETURNING`+attachmentColumns, conversation, id, uploader)
	if errors.Is(err, store.ErrNotFound) {
		return Attachment{}, errNoLooseFile
	}
	api.Touched(ctx, "file", id)
	return f, err
}

// room refuses one more file, of this size, of somebody who has many loose ones.
func room(ctx context.Context, tx *store.Tx, user string, size int64) error {
	files, bytes, err := countLoose(ctx, tx, user)
	switch {
	case err != nil:
		return err
	case files >= looseFiles:
		return errLooseFiles.With("%d of %d", files, looseFiles)
	case bytes+size > looseBytes:
		return errLooseFiles.With("%d bytes of %d", bytes, looseBytes)
	}
	files, bytes, err = countSince(ctx, tx, user, tx.Now.Add(-day24))
	if err == nil && (files >= dayFiles || bytes+size > dayBytes) {
		return errDaysFiles.After(time.Hour)
	}
	return err
}

// day24 is what is called a day where it matters to nobody when it begins.
const day24 = 24 * time.Hour

// roomOfAll refuses one more file of a tenant that has many. It is asked before a file is sent, without a
// lock: those that are under way together may pass the limit by as many.
func roomOfAll(ctx context.Context, tx *store.Tx) error {
	bytes, err := countAll(ctx, tx)
	if err == nil && bytes >= allBytes {
		err = errNoRoom.With("%d bytes of %d", bytes, allBytes)
	}
	return err
}
