package backup

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

// format reads the first part. What does not begin like a backup is none.
func (r *reader) format() error {
	header, err := r.tar.Next()
	if err != nil || header.Name != formatPart {
		return fmt.Errorf("%w: it does not begin like one", ErrUnusable)
	}
	text, err := io.ReadAll(io.LimitReader(r.tar, 64))
	if err != nil {
		return damaged(formatPart, "%v", err)
	}
	if string(text) != format {
		return fmt.Errorf("%w: its format is %.16q, and this program knows %q; take the program that made it, or a newer one", ErrUnusable, text, format)
	}
	return nil
}

// next is the name of the next part. All must be there: also the end is a part.
func (r *reader) next(after string) (*tar.Header, error) {
	header, err := r.tar.Next()
	if err != nil {
		return nil, damaged("after "+after, "%v", err)
	}
	return header, nil
}

// unpack writes the present part to a new file.
func (r *reader) unpack(name string) (Part, error) {
	f, err := r.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return Part{}, err
	}
	defer f.Close()
	part, err := r.sum(name, f)
	if err != nil {
		return Part{}, err
	}
	return part, errors.Join(f.Sync(), f.Close())
}

// sum copies the present part and says what it was.
func (r *reader) sum(name string, to io.Writer) (Part, error) {
	sum := sha256.New()
	source := &source{r: r.tar}
	n, err := io.Copy(io.MultiWriter(to, sum), source)
	if source.err != nil {
		err = damaged(name, "%v", source.err)
	}
	return Part{n, hex.EncodeToString(sum.Sum(nil))}, err
}

// source remembers what went wrong with reading, so that it is not taken for a full disk.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
