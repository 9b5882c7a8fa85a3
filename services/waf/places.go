package main

import "regexp"

// place says how the value at one place of a body is looked at. A place that no table names is inspected, name and value,
// with everything in it.
type place struct {
	// text for the model: never inspected, whatever is in it
	text bool
	// a string is text for the model; an object or an array follows fields and items
	stringIsText bool
	// a name that the client or the model chose, or an object of such: not inspected when it is a plain word
	word   bool
	fields map[string]*place
	items  *place
}

var (
	text = &place{text: true}
	word = &place{word: true}
)

// plainWord holds no blank, quote, bracket, slash or operator, so it is no code in any language. The rule set takes some for
// commands or functions all the same: base64 as the format of an embedding, base64_decode as the name of a tool.
var plainWord = regexp.MustCompile(`^[\w.:-]{1,256}$`)

func object(fields map[string]*place) *place { return &place{fields: fields} }
func list(items *place) *place               { return &place{items: items} }

func merged(tables ...map[string]*place) map[string]*place {
	all := map[string]*place{}
	for _, table := range tables {
		for name, at := range table {
			all[name] = at
		}
	}
	return all
}

// A message of a conversation, sent or sent back: content as a string or as parts with images and audio, what the model
// thought, called and was answered. https://platform.openai.com/docs/api-reference/chat/create; reasoning is vLLM's name,
// reasoning_content its former one and DeepSeek's.
var message = object(map[string]*place{
	"role": word, "name": word, "tool_call_id": word,
	"content": text, "refusal": text, "reasoning": text, "reasoning_content": text, "reasoning_details": text,
	"thinking_blocks": text, "annotations": text,
	"audio":         object(map[string]*place{"id": word, "data": text, "transcript": text}),
	"function_call": object(map[string]*place{"name": word, "arguments": text}),
	"tool_calls": list(object(map[string]*place{
		"id": word, "type": word,
		"function": object(map[string]*place{"name": word, "arguments": text}),
		"custom":   object(map[string]*place{"name": word, "input": text}),
	})),
})

// A tool as Chat Completions (function, custom) or Responses (flat) describe it. The description and the schema are read
// by the model. Addresses and credentials of tools that a server calls itself are not, and stay inspected.
var tool = func() *place {
	described := map[string]*place{"name": word, "description": text, "parameters": text, "format": text}
	return object(merged(described, map[string]*place{
		"type": word, "function": object(described), "custom": object(described),
	}))
}()

// Which tool the model must call, by name, in an object or in a list of those that are allowed.
var toolChoice = func() *place {
	choice := &place{word: true}
	choice.items = choice
	return choice
}()

// What all endpoints that generate take: words and token ids that end or steer an answer, schemas and grammars that it must
// follow. guided_* and structured_outputs are vLLM's, grammar, json_schema and dry_sequence_breakers llama.cpp's, regex and ebnf SGLang's,
// tool_prompt TGI's, documents vLLM's for retrieval.
var generation = merged(named, map[string]*place{
	"tool_choice": toolChoice, "function_call": toolChoice,
	"allowed_token_ids": list(word), "stop_token_ids": list(word),
	"dry_sequence_breakers": text, "regex": text, "ebnf": text, "tool_prompt": text,
	"stop": text, "logit_bias": text, "bad_words": text, "response_format": text, "grammar": text, "json_schema": text,
	"guided_json": text, "guided_regex": text, "guided_choice": text, "guided_grammar": text, "structured_outputs": text,
	"documents": text,
})

// What all endpoints take for the books of whoever asks.
var named = map[string]*place{"user": word, "metadata": word}

// An item of the Responses API's input: a message, a call of a tool, what it answered, or reasoning.
// https://platform.openai.com/docs/api-reference/responses/create
var responseItem = object(map[string]*place{
	"type": word, "role": word, "name": word, "id": word, "call_id": word, "status": word,
	"content": text, "text": text, "refusal": text, "summary": text, "encrypted_content": text,
	"arguments": text, "input": text, "output": text, "action": text, "code": text, "outputs": text, "results": text,
	"queries": text, "result": text,
})

// Where the endpoints of the OpenAI API take text for the model. Everything else of a request is inspected: its URL, its
// headers, model, user, metadata and every field that is not here.
var endpoints = map[string]*place{
	"/v1/chat/completions": object(merged(generation, map[string]*place{
		"messages": list(message), "tools": list(tool), "functions": list(tool),
		"prediction": object(map[string]*place{"type": word, "content": text}),
	})),
	// a prompt is a string, strings, token ids, or lists of them
	"/v1/completions": object(merged(generation, map[string]*place{
		"prompt": text, "suffix": text, "prompt_embeds": text,
	})),
	"/v1/embeddings": object(merged(named, map[string]*place{
		"input": text, "messages": list(message), "encoding_format": word,
	})),
	"/v1/responses": object(merged(generation, map[string]*place{
		"input": {stringIsText: true, items: responseItem}, "instructions": text, "tools": list(tool),
		"text":   object(map[string]*place{"format": text}),
		"prompt": object(map[string]*place{"id": word, "version": word, "variables": text}),
	})),
}
