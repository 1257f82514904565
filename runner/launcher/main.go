// Starts the command of a migration's container, once the runner beside it has begun the migration, and ends the
// container as the runner says. They talk through files; see Handover.java.
//
//	launch install FILE   copies this program (an init container does so)
//	launch COMMAND...     is the container's process 1
package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	look           = 100 * time.Millisecond
	patience       = 20 * time.Second // of SIGTERM, before SIGKILL; the pod has 30 s
	farewell       = 5 * time.Second  // for the runner's words when the pod stops
	stopped        = 143              // 128 + SIGTERM
	notStarted     = 127              // as shells say it
	longestMessage = 600              // characters of the command's own termination message
)

type begin struct {
	Environment map[string]string `json:"environment"`
}

type ended struct {
	ExitCode int    `json:"exitCode"`
	Stopped  bool   `json:"stopped"`
	Error    string `json:"error,omitempty"`
	Message  string `json:"message,omitempty"`
}

type end struct {
	ExitCode int    `json:"exitCode"`
	Message  string `json:"message"`
}

type launcher struct {
	folder, terminationLog string
	signals                chan os.Signal
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "install" {
		if err := install(os.Args[2]); err != nil {
			os.Stderr.WriteString("launch: " + err.Error() + "\n")
			os.Exit(1)
		}
		return
	}
	root := os.Getenv("CAIRN_ROOT") // for tests; in a pod it is not set
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	l := launcher{filepath.Join(root, "/cairn/run"), filepath.Join(root, "/dev/termination-log"), signals}
	os.Exit(l.run(os.Args[1:]))
}

func install(file string) error {
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer self.Close()
	copied, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	if _, err = io.Copy(copied, self); err != nil {
		return err
	}
	return copied.Close()
}

func (l launcher) run(command []string) int {
	var start begin
	for !l.read("begin.json", &start) {
		if code, over := l.over(); over {
			return code
		}
		select {
		case <-l.signals:
			return stopped
		case <-time.After(look):
		}
	}
	// The outcome may be known already where this container was late.
	if code, over := l.over(); over {
		return code
	}
	how, code := l.supervise(command, start.Environment)
	if how == nil {
		return code
	}
	how.Message = l.words()
	if err := l.write("ended.json", how); err != nil {
		os.Stderr.WriteString("launch: " + err.Error() + "\n")
		return 1
	}
	return l.await(how.Stopped)
}

// Nil and an exit code where the runner ended the migration while the command ran.
func (l launcher) supervise(command []string, environment map[string]string) (*ended, int) {
	if len(command) == 0 {
		return &ended{ExitCode: notStarted, Error: "there is no command"}, 0
	}
	child := exec.Command(command[0], command[1:]...)
	child.Env = os.Environ()
	for name, value := range environment {
		child.Env = append(child.Env, name+"="+value)
	}
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	if err := child.Start(); err != nil {
		return &ended{ExitCode: notStarted, Error: err.Error()}, 0
	}
	done := make(chan error, 1)
	go func() { done <- child.Wait() }()
	var how ended
	var deadline <-chan time.Time
	outcome, over := 0, false
	stop := func() {
		if deadline == nil {
			deadline = time.After(patience)
			child.Process.Signal(syscall.SIGTERM)
		}
	}
	for {
		select {
		case err := <-done:
			if over {
				return nil, outcome
			}
			how.ExitCode = exitCode(err)
			return &how, 0
		case <-l.signals:
			how.Stopped = true
			stop()
		case <-deadline:
			child.Process.Kill()
		case <-time.After(look):
			if !over {
				if outcome, over = l.over(); over {
					stop()
				}
			}
		}
	}
}

func exitCode(err error) int {
	var failed *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &failed):
		return 1
	}
	if status := failed.Sys().(syscall.WaitStatus); status.Signaled() {
		return 128 + int(status.Signal())
	}
	return failed.ExitCode()
}

// Waits for the runner, which verifies and records; a pod that stops does not wait for long.
func (l launcher) await(stopping bool) int {
	var deadline <-chan time.Time
	if stopping {
		deadline = time.After(farewell)
	}
	for {
		if code, over := l.over(); over {
			return code
		}
		select {
		case <-l.signals:
			return stopped
		case <-deadline:
			return stopped
		case <-time.After(look):
		}
	}
}

// The exit code of the container, once the runner has told the outcome.
func (l launcher) over() (int, bool) {
	var outcome end
	if !l.read("end.json", &outcome) {
		return 0, false
	}
	os.WriteFile(l.terminationLog, []byte(outcome.Message), 0o644)
	return outcome.ExitCode, true
}

// What the command left for people, before the outcome takes its place.
func (l launcher) words() string {
	text, err := os.ReadFile(l.terminationLog)
	if err != nil {
		return ""
	}
	words := []rune(strings.TrimSpace(strings.ToValidUTF8(string(text), "?")))
	return string(words[:min(len(words), longestMessage)])
}

func (l launcher) read(name string, into any) bool {
	text, err := os.ReadFile(filepath.Join(l.folder, name))
	return err == nil && json.Unmarshal(text, into) == nil
}

// Nobody sees half a file.
func (l launcher) write(name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	file := filepath.Join(l.folder, name)
	if err := os.WriteFile(file+".next", text, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".next", file)
}
