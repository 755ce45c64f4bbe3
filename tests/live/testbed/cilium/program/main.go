// Cilium's agent, operator and network plugin, chosen by the name that it is called by.
package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"

	daemon "github.com/cilium/cilium/daemon/cmd"
	operator "github.com/cilium/cilium/operator/cmd"
	"github.com/cilium/cilium/pkg/hive"
	cni "github.com/cilium/cilium/plugins/cilium-cni/cmd"
)

func main() {
	name := filepath.Base(os.Args[0])
	switch {
	case name == "cilium-cni":
		runtime.LockOSThread()
		cni.PluginMain()
	case strings.HasPrefix(name, "cilium-operator"):
		operator.Execute(operator.NewOperatorCmd(hive.New(operator.Operator())))
	default:
		daemon.Execute(daemon.NewAgentCmd(func() *hive.Hive { return hive.New(daemon.Agent) }))
	}
}
