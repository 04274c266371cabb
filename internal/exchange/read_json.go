package exchange

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
)

// maxValues bounds a file of JSON: fifty values in each row, those in lists included.
const maxValues = 50 * maxRows

// readJSON reads an array of objects. Every object may have columns of its own.
func readJSON(t table, m mapping, file io.Reader) (c contents, err error) {
	text, err := io.ReadAll(file)
	if err != nil {
		return contents{}, err
	}
	if err := api.CheckLongJSON(text, maxValues); err != nil {
		return contents{}, err
	}
	var objects []map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&objects); err != nil || objects == nil {
		return contents{}, fault.ErrInvalid.At("body", "expected an array of objects, one for each row")
	}
	if len(objects) > maxRows {
		return contents{}, errTooManyRows()
	}
	for i, object := range objects {
		r, unused, err := jsonRow(t, m, i+1, object)
		if err != nil {
			return contents{}, err
		}
		c.rows = append(c.rows, r)
		c.unused = append(c.unused, unused...)
	}
	slices.Sort(c.unused)
	c.unused = slices.Compact(c.unused)
	return c, nil
}

func jsonRow(t table, m mapping, number int, object map[string]any) (row, []string, error) {
	columns := slices.Sorted(maps.Keys(object))
	meanings, unused, err := m.place(t, columns)
	if err != nil {
		return row{}, nil, err
	}
	r := row{number, map[string]cell{}}
	for i, meaning := range meanings {
		if meaning == "" {
			continue
		}
		value, ok := jsonCell(object[columns[i]])
		if !ok {
			return row{}, nil, wrongRow(number, "expected texts, numbers, true, false, null and lists of texts")
		}
		r.cells[meaning] = value
	}
	return r, unused, nil
}

func jsonCell(value any) (c cell, ok bool) {
	switch v := value.(type) {
	case nil:
		return cell{}, true
	case string:
		return cell{text: v}, true
	case json.Number: // ids elsewhere are numbers
		return cell{text: v.String()}, true
	case bool:
		return cell{text: strconv.FormatBool(v)}, true
	case []any:
		c.isList = true
		for _, item := range v {
			text, isText := item.(string)
			if !isText {
				return cell{}, false
			}
			c.list = append(c.list, text)
		}
		return c, true
	}
	return cell{}, false
}
