package action_test

import (
	"errors"
	"os/exec"
	"slices"
	"testing"
)

func TestVerdictIsTheExitCode(t *testing.T) {
	a := readAction(t)
	i := slices.IndexFunc(a.Runs.Steps, func(s step) bool { return s.Name == "Verdict" })
	verdict := a.Runs.Steps[i]
	if verdict.If != "${{ always() && steps.run.outputs.exit-code != '0' }}" {
		t.Errorf("runs if %s", verdict.If)
	}
	for code, want := range map[string]int{"": 3, "1": 1, "2": 2, "3": 3, "4": 4} {
		cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", verdict.Run)
		cmd.Env = []string{"MIGVET_EXIT_CODE=" + code}
		var exit *exec.ExitError
		if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != want {
			t.Errorf("exit code %q: %v, want %d", code, err, want)
		}
	}
}
