package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
)

var byteOrderMark = []byte("\ufeff")

// readCSV reads comma-separated values (RFC 4180) whose first row names the columns.
func readCSV(t table, m mapping, file io.Reader) (contents, error) {
	text, err := io.ReadAll(file)
	switch {
	case err != nil:
		return contents{}, err
	case !utf8.Valid(text):
		return contents{}, fault.ErrInvalid.At("body", "is not valid UTF-8")
	case bytes.IndexByte(text, 0) >= 0:
		return contents{}, fault.ErrInvalid.At("body", "holds a character that is not allowed")
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, byteOrderMark)))
	r.FieldsPerRecord = -1 // counted here, to name the row as people count
	header, err := r.Read()
	if err != nil {
		return contents{}, wrongRow(1, "expected the names of the columns, separated by commas")
	}
	for i := range header {
		header[i] = strings.TrimSpace(header[i])
	}
	meanings, unused, err := m.place(t, header)
	if err != nil {
		return contents{}, err
	}
	rows, err := csvRows(r, meanings)
	return contents{rows, unused}, err
}

// csvRows reads what follows the names of the columns.
func csvRows(r *csv.Reader, meanings []string) (rows []row, err error) {
	for number := 2; ; number++ {
		record, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			return nil, wrongRow(number, "has a quotation mark where none can be")
		case len(record) != len(meanings):
			return nil, wrongRow(number, "has more or fewer cells than there are columns")
		case len(rows) == maxRows:
			return nil, errTooManyRows()
		}
		cells := map[string]cell{}
		for i, meaning := range meanings {
			if meaning != "" {
				cells[meaning] = cell{text: api.Unharmed(record[i])}
			}
		}
		rows = append(rows, row{number, cells})
	}
}
