// A server that speaks OpenAI's API and knows what it really did: tokens leave on absolute deadlines counted from when the request
// was read, and GET /truth says when each was written. With -ttft 0 -itl 0 it sends as fast as it is read.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

var (
	ttft = flag.Duration("ttft", 200*time.Millisecond, "time to the first token")
	itl  = flag.Duration("itl", 20*time.Millisecond, "time between tokens")
)

// truth holds milliseconds of all requests since it was last read.
type truth struct {
	mutex    sync.Mutex
	TTFT     []float64 `json:"ttft"`
	ITL      []float64 `json:"itl"`
	Requests int       `json:"requests"`
	Tokens   int       `json:"tokens"`
	// Begin of the first request and end of the last one, in seconds.
	Begin float64 `json:"begin"`
	End   float64 `json:"end"`
}

var (
	started = time.Now()
	seen    truth
)

type request struct {
	Model               string `json:"model"`
	Stream              bool   `json:"stream"`
	MaxTokens           int    `json:"max_tokens"`
	MaxCompletionTokens int    `json:"max_completion_tokens"`
	StreamOptions       struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1e3 }

func generate(object, before, after string) http.HandlerFunc {
	return func(writer http.ResponseWriter, incoming *http.Request) {
		begin := time.Now()
		var asked request
		if err := json.NewDecoder(incoming.Body).Decode(&asked); err != nil {
			http.Error(writer, err.Error(), http.StatusBadRequest)
			return
		}
		tokens := max(asked.MaxTokens, asked.MaxCompletionTokens, 1)
		writer.Header().Set("content-type", "text/event-stream")
		controller := http.NewResponseController(writer)
		head := fmt.Sprintf(`data: {"id":"c-%d","object":%q,"created":1,"model":%q,"choices":[`, begin.UnixNano(), object, asked.Model)
		chunk := []byte(head + `{"index":0,` + before + `" the"` + after + `"finish_reason":null}]}` + "\n\n")
		gaps := make([]float64, 0, tokens)
		var first float64
		last := begin
		for token := range tokens {
			time.Sleep(time.Until(begin.Add(*ttft + time.Duration(token)**itl)))
			if _, err := writer.Write(chunk); err != nil {
				return
			}
			if err := controller.Flush(); err != nil {
				return
			}
			now := time.Now()
			if token == 0 {
				first = milliseconds(now.Sub(begin))
			} else {
				gaps = append(gaps, milliseconds(now.Sub(last)))
			}
			last = now
		}
		fmt.Fprintf(writer, "%s{\"index\":0,%s\"\"%s\"finish_reason\":\"length\"}]}\n\n", head, before, after)
		if asked.StreamOptions.IncludeUsage {
			fmt.Fprintf(writer, "%s],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":%d,\"total_tokens\":%d}}\n\n", head, tokens, tokens+10)
		}
		fmt.Fprint(writer, "data: [DONE]\n\n")
		seen.mutex.Lock()
		defer seen.mutex.Unlock()
		seen.TTFT = append(seen.TTFT, first)
		seen.ITL = append(seen.ITL, gaps...)
		seen.Tokens += tokens
		if seen.Requests++; seen.Requests == 1 {
			seen.Begin = begin.Sub(started).Seconds()
		}
		seen.End = time.Since(started).Seconds()
	}
}

func main() {
	flag.Parse()
	http.HandleFunc("POST /v1/chat/completions", generate("chat.completion.chunk", `"delta":{"content":`, `},`))
	http.HandleFunc("POST /v1/completions", generate("text_completion", `"text":`, `,`))
	http.HandleFunc("GET /v1/models", func(writer http.ResponseWriter, _ *http.Request) {
		writer.Header().Set("content-type", "application/json")
		fmt.Fprint(writer, `{"object":"list","data":[{"id":"tiny","object":"model","created":1,"owned_by":"bench","max_model_len":4096}]}`)
	})
	http.HandleFunc("GET /health", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET /truth", func(writer http.ResponseWriter, _ *http.Request) {
		seen.mutex.Lock()
		defer seen.mutex.Unlock()
		if err := json.NewEncoder(writer).Encode(&seen); err != nil {
			log.Print(err)
		}
		seen.TTFT, seen.ITL, seen.Requests, seen.Tokens = nil, nil, 0, 0
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("http://" + listener.Addr().String())
	log.Fatal(http.Serve(listener, nil))
}
