// Stands in for runc where root lacks CAP_SYS_RESOURCE, as in some virtual machines and containers: an engine asks for that capability
// and for raised resource limits in every privileged container, and runc then refuses. Both are taken out of the request.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

const missing = "CAP_SYS_RESOURCE"

func main() {
	for i, argument := range os.Args {
		name, value, joined := strings.Cut(argument, "=")
		if !joined && i+1 < len(os.Args) {
			value = os.Args[i+1]
		}
		switch name {
		case "--bundle", "-b":
			check(edit(filepath.Join(value, "config.json"), func(spec map[string]any) {
				if process, ok := spec["process"].(map[string]any); ok {
					reduce(process)
				}
			}))
		case "--process", "-p":
			check(edit(value, reduce))
		}
	}
	runc, err := exec.LookPath("runc")
	check(err)
	check(syscall.Exec(runc, append([]string{runc}, os.Args[1:]...), os.Environ()))
}

// edit changes a JSON file in place; one that is not there is left to runc to complain about.
func edit(path string, change func(map[string]any)) error {
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	// Numbers stay as they are written: a device's or limit's value may be too large for a float.
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return err
	}
	change(object)
	if text, err = json.Marshal(object); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

func reduce(process map[string]any) {
	delete(process, "rlimits")
	sets, _ := process["capabilities"].(map[string]any)
	for name, value := range sets {
		held, _ := value.([]any)
		kept := []any{}
		for _, capability := range held {
			if capability != missing {
				kept = append(kept, capability)
			}
		}
		sets[name] = kept
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "runc-lowcap:", err)
		os.Exit(1)
	}
}
