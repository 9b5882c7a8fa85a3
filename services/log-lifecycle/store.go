package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

const template = "fairway-logs"

// store is an OpenSearch or Elasticsearch by its HTTP API.
type store struct {
	base   *url.URL
	login  *url.Userinfo
	client http.Client
}

func newStore(address string) (*store, error) {
	base, err := url.Parse(address)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		// the parser's error holds the address, and that may hold a password
		return nil, errors.New("-store is no http or https address")
	}
	login := base.User
	base.User = nil
	return &store{base: base, login: login, client: http.Client{Timeout: 30 * time.Second}}, nil
}

func (s *store) putTemplate(ctx context.Context, content []byte) error {
	return s.ask(ctx, http.MethodPut, "/_index_template/"+template, content, nil)
}

// deleteWhatIsOver deletes indices one by one, so that a deletion that fails leaves the others done.
func (s *store) deleteWhatIsOver(ctx context.Context, limits limits, now time.Time, log *slog.Logger) error {
	var found []struct {
		Index string `json:"index"`
		Size  string `json:"store.size"`
	}
	if err := s.ask(ctx, http.MethodGet, "/_cat/indices/"+prefix+"*?format=json&bytes=b&h=index,store.size&expand_wildcards=all", nil, &found); err != nil {
		return err
	}
	var indices []index
	for _, one := range found {
		// an index that is being opened has no size yet
		size := int64(0)
		if one.Size != "" {
			if _, err := fmt.Sscan(one.Size, &size); err != nil {
				return fmt.Errorf("the store gives %q as the size of %s", one.Size, one.Index)
			}
		}
		indices = append(indices, index{name: one.Index, bytes: size})
	}
	for _, over := range limits.over(indices, now) {
		if err := s.ask(ctx, http.MethodDelete, "/"+over.name, nil, nil); err != nil {
			return err
		}
		log.Info("deleted an index", "index", over.name, "bytes", over.bytes, "because", over.because)
	}
	return nil
}

func (s *store) ask(ctx context.Context, method, path string, body []byte, answer any) error {
	request, err := http.NewRequestWithContext(ctx, method, s.base.String()+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("content-type", "application/json")
	if s.login != nil {
		password, _ := s.login.Password()
		request.SetBasicAuth(s.login.Username(), password)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 8<<20))
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s %s answered %d: %.500s", method, path, response.StatusCode, text)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}
