package clustertest

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
)

// isMessage tells whether a value is what a server tells of its own accord: somebody has published something.
func isMessage(value []byte) bool {
	return bytes.HasPrefix(value, []byte(">4\r\n$8\r\npmessage\r\n"))
}

// isPublished tells whether a command publishes something.
func isPublished(command []byte) bool {
	return bytes.HasPrefix(command, []byte("*3\r\n$7\r\nPUBLISH\r\n"))
}

// readValue reads the next value of the Redis protocol (RESP3) and appends its bytes.
func readValue(in *bufio.Reader, value []byte) ([]byte, error) {
	line, err := in.ReadBytes('\n')
	value = append(value, line...)
	if err != nil {
		return value, err
	}
	n, _ := strconv.Atoi(string(bytes.TrimSpace(line[1:]))) // of those kinds that have a length
	switch line[0] {
	case '$', '=', '!':
		return readText(in, value, n)
	case '%': // pairs
		n *= 2
	case '*', '~', '>':
	default:
		n = 0
	}
	for range n {
		if value, err = readValue(in, value); err != nil {
			return value, err
		}
	}
	return value, nil
}

// readText reads n bytes and the end of their line; none where n is -1.
func readText(in *bufio.Reader, value []byte, n int) ([]byte, error) {
	if n < 0 {
		return value, nil
	}
	text := make([]byte, n+2)
	_, err := io.ReadFull(in, text)
	return append(value, text...), err
}
