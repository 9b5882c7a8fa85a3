// Reads layers by the libraries of container engines: `estargz BLOB DIGEST` as the stargz snapshotter does, by the footer and the index that the
// digest names, with a proof of each chunk, and lists the files; `zstd BLOB` prints the digest of what containerd and Docker unpack.
package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"sort"

	"github.com/containerd/stargz-snapshotter/estargz"
	"github.com/klauspost/compress/zstd"
	digest "github.com/opencontainers/go-digest"
)

type file struct {
	Name   string            `json:"name"`
	Type   string            `json:"type"`
	Mode   int64             `json:"mode"`
	UID    int               `json:"uid"`
	Time   int64             `json:"time"`
	Link   string            `json:"link,omitempty"`
	Names  int               `json:"names"`
	Xattrs map[string]string `json:"xattrs,omitempty"`
	Sha256 string            `json:"sha256,omitempty"`
}

func main() {
	answer, err := answer()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		panic(err)
	}
}

func answer() (any, error) {
	if os.Args[1] == "zstd" {
		return plain(os.Args[2])
	}
	return read(os.Args[2], digest.Digest(os.Args[3]))
}

func plain(layer string) (string, error) {
	blob, err := os.Open(layer)
	if err != nil {
		return "", err
	}
	defer blob.Close()
	reader, err := zstd.NewReader(blob)
	if err != nil {
		return "", err
	}
	defer reader.Close()
	archive, err := digest.FromReader(reader)
	return archive.String(), err
}

func read(layer string, index digest.Digest) ([]file, error) {
	blob, err := os.Open(layer)
	if err != nil {
		return nil, err
	}
	defer blob.Close()
	info, err := blob.Stat()
	if err != nil {
		return nil, err
	}
	reader, err := estargz.Open(io.NewSectionReader(blob, 0, info.Size()))
	if err != nil {
		return nil, err
	}
	verifier, err := reader.VerifyTOC(index)
	if err != nil {
		return nil, err
	}
	root, ok := reader.Lookup("")
	if !ok {
		return nil, fmt.Errorf("no root")
	}
	files := []file{}
	var walk func(folder string, entry *estargz.TOCEntry) error
	walk = func(folder string, entry *estargz.TOCEntry) (failed error) {
		entry.ForeachChild(func(base string, child *estargz.TOCEntry) bool {
			// of a hard link the entry is that of the file
			name := path.Join(folder, base)
			listed := file{
				Name: name, Type: child.Type, Mode: child.Mode & 0o7777, UID: child.UID, Time: child.ModTime().Unix(),
				Link: child.LinkName, Names: child.NumLink, Xattrs: map[string]string{},
			}
			for name, value := range child.Xattrs {
				listed.Xattrs[name] = fmt.Sprintf("%x", value)
			}
			if child.Type == "reg" && child.Size > 0 {
				if listed.Sha256, failed = proved(reader, verifier, child); failed != nil {
					return false
				}
			}
			files = append(files, listed)
			if child.Type == "dir" {
				failed = walk(name, child)
			}
			return failed == nil
		})
		return failed
	}
	if err := walk("", root); err != nil {
		return nil, err
	}
	sort.Slice(files, func(a, b int) bool { return files[a].Name < files[b].Name })
	return files, nil
}

// proved reads a file chunk by chunk, each with the digest that the index has of it.
func proved(reader *estargz.Reader, verifier estargz.TOCEntryVerifier, entry *estargz.TOCEntry) (string, error) {
	content, err := reader.OpenFile(entry.Name)
	if err != nil {
		return "", err
	}
	whole := sha256.New()
	for at := int64(0); at < entry.Size; {
		chunk, ok := reader.ChunkEntryForOffset(entry.Name, at)
		if !ok {
			return "", fmt.Errorf("%s: no chunk at %d", entry.Name, at)
		}
		check, err := verifier.Verifier(chunk)
		if err != nil {
			return "", err
		}
		part := io.NewSectionReader(content, chunk.ChunkOffset, chunk.ChunkSize)
		if _, err := io.Copy(io.MultiWriter(whole, check), part); err != nil {
			return "", err
		}
		if !check.Verified() {
			return "", fmt.Errorf("%s: the chunk at %d is not the one of the index", entry.Name, at)
		}
		at += chunk.ChunkSize
	}
	return fmt.Sprintf("%x", whole.Sum(nil)), nil
}
