package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// wait is for how many seconds the server may keep a question open.
const wait = 20

// poll asks once for what has happened.
func (c *Client) poll(ctx context.Context) error {
	query, changed := c.question()
	if query == nil {
		select {
		case <-changed:
		case <-ctx.Done():
		}
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answered := make(chan struct{})
	defer close(answered)
	go func() { // a stream that is added meanwhile is asked for at once
		select {
		case <-changed:
			cancel()
		case <-answered:
		}
	}()
	answer, err := c.ask(ctx, query)
	if err != nil {
		select {
		case <-changed:
			return nil
		default:
			return err
		}
	}
	return c.digest(answer)
}

// question is what to ask for, nil when nothing is followed.
func (c *Client) question() (query url.Values, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.streams) == 0 {
		return nil, c.changed
	}
	query = url.Values{"wait": {strconv.Itoa(wait)}}
	var names, after []string
	for _, s := range c.streams {
		names = append(names, s.name)
		if s.known {
			after = append(after, s.position())
		}
	}
	slices.Sort(names)
	slices.Sort(after)
	query.Set("stream", strings.Join(names, ","))
	if after != nil {
		query.Set("after", strings.Join(after, ","))
	}
	return query, c.changed
}

func (s *stream) position() string {
	text := s.name + ":" + strconv.FormatInt(s.at.Seq, 10)
	if s.at.View != "" {
		text += ":" + s.at.View
	}
	return text
}

// polled is the answer.
type polled struct {
	Events []said `json:"events"`
	Resets []said `json:"resets"`
	Ended  []said `json:"ended"`
	Next   string `json:"next"`
}

func (c *Client) ask(ctx context.Context, query url.Values) (*polled, error) {
	token, err := c.config.Token(ctx)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.config.URL+"/v1/events?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := c.config.HTTP.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		var answer polled
		return &answer, json.NewDecoder(response.Body).Decode(&answer)
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, fmt.Errorf("%w: %s", ErrRefused, response.Status)
	}
	return nil, fmt.Errorf("polling: %s", response.Status)
}

// digest takes in an answer: what is to be read anew first, then what happened, then how far that is.
func (c *Client) digest(answer *polled) error {
	c.mu.Lock()
	c.count.Polls++
	c.mu.Unlock()
	for what, list := range map[string][]said{"reset": answer.Resets, "ended": answer.Ended} {
		for i := range list {
			list[i].Type = what
		}
	}
	for _, m := range slices.Concat(answer.Resets, answer.Events, answer.Ended) {
		tell, gap := c.take(&m)
		if gap {
			return nil // the next question begins where the hole does
		}
		if tell != nil {
			tell()
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reached(answer.Next)
}

// reached notes how far the streams are, as the server says; mu is held.
func (c *Client) reached(next string) error {
	for part := range strings.SplitSeq(next, ",") {
		fields := append(strings.Split(part, ":"), "")
		s := c.streams[fields[0]]
		if s == nil {
			continue
		}
		seq, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil {
			return fmt.Errorf("the position %q: %w", part, err)
		}
		s.known, s.at = true, Position{seq, fields[2]}
	}
	return nil
}
