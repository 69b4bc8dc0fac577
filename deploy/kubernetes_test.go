package deploy_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	apps "k8s.io/api/apps/v1"
	scaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	net "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// cluster is what "kubectl apply -k" would send, and the example of a secret.
type cluster struct {
	deployment apps.Deployment
	services   []core.Service
	config     core.ConfigMap
	secret     core.Secret
	account    core.ServiceAccount
	ingress    net.Ingress
	network    net.NetworkPolicy
	budget     policy.PodDisruptionBudget
	scaler     scaling.HorizontalPodAutoscaler
}

// built builds the folder with kustomize and reads each object as its type, in which a
// field that Kubernetes does not have is a mistake.
func built(t *testing.T) cluster {
	t.Helper()
	objects := must(krusty.MakeKustomizer(krusty.MakeDefaultOptions()).
		Run(filesys.MakeFsOnDisk(), "kubernetes"))(t)
	var c cluster
	for _, object := range objects.Resources() {
		if object.GetNamespace() != "premiumline" {
			t.Errorf("%s is in the namespace %q", object.CurId(), object.GetNamespace())
		}
		c.take(t, object.GetKind(), must(object.AsYAML())(t))
	}
	c.take(t, "Secret", []byte(read(t, "kubernetes/secret.example.yaml")))
	return c
}

func (c *cluster) take(t *testing.T, kind string, text []byte) {
	t.Helper()
	var service core.Service
	into, known := map[string]any{
		"Deployment": &c.deployment, "Service": &service, "ConfigMap": &c.config, "Secret": &c.secret,
		"ServiceAccount": &c.account, "Ingress": &c.ingress, "NetworkPolicy": &c.network,
		"PodDisruptionBudget": &c.budget, "HorizontalPodAutoscaler": &c.scaler,
	}[kind]
	if !known {
		t.Fatalf("the tests do not know the kind %s", kind)
	}
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	if kind == "Service" {
		c.services = append(c.services, service)
	}
}

// TestKubernetesSettings: the replicas get what the program needs, under names that it
// knows, and values that it takes.
func TestKubernetesSettings(t *testing.T) {
	c := built(t)
	line := c.deployment.Spec.Template.Spec.Containers[0]
	from := line.EnvFrom
	if len(from) != 2 || from[0].ConfigMapRef.Name != c.config.Name ||
		from[1].SecretRef.Name != c.secret.Name {
		t.Errorf("the settings come from %+v, not from %s and %s", from, c.config.Name, c.secret.Name)
	}
	settings := maps.Clone(c.config.Data)
	maps.Copy(settings, c.secret.StringData)
	checkSettings(t, settings)
	for _, name := range []string{"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "PUBLIC_URL",
		"ADMIN_PASSWORD", "DATABASE_URL", "CALLER_HASH_KEY"} {
		if settings[name] == "" {
			t.Errorf("%s is not set", name)
		}
	}
	if host := "https://" + c.ingress.Spec.Rules[0].Host; host != settings["PUBLIC_URL"] ||
		c.ingress.Spec.TLS[0].Hosts[0] != c.ingress.Spec.Rules[0].Host {
		t.Errorf("the ingress is of %s, PUBLIC_URL is %s", host, settings["PUBLIC_URL"])
	}
	ports := map[string]string{"webhooks": settings["ADDR"], "admin": settings["ADMIN_ADDR"]}
	for _, p := range line.Ports {
		if want := ports[p.Name]; fmt.Sprintf(":%d", p.ContainerPort) != want {
			t.Errorf("the port %s is %d, the program listens on %s", p.Name, p.ContainerPort, want)
		}
	}
	if image := dockerfile(t); settings["ADDR"] != ":"+image.port {
		t.Errorf("ADDR is %s, the image exposes %s", settings["ADDR"], image.port)
	}
}

// TestKubernetesReplicas holds the deployment to what keeps calls going.
func TestKubernetesReplicas(t *testing.T) {
	c := built(t)
	pod := c.deployment.Spec.Template.Spec
	line := pod.Containers[0]
	for what, probe := range map[string]struct {
		probe *core.Probe
		path  string
	}{
		"startup": {line.StartupProbe, "/readyz"}, "readiness": {line.ReadinessProbe, "/readyz"},
		"liveness": {line.LivenessProbe, "/healthz"},
	} {
		if get := probe.probe.HTTPGet; get.Path != probe.path || get.Port != intstr.FromString("admin") {
			t.Errorf("the %s probe asks %s on %s", what, get.Path, get.Port.String())
		}
	}
	stopping := time.Duration(line.Lifecycle.PreStop.Sleep.Seconds)*time.Second + grace(t)
	given := time.Duration(*pod.TerminationGracePeriodSeconds) * time.Second
	if given < stopping+5*time.Second {
		t.Errorf("a replica has %v to end, and may need %v", given, stopping)
	}
	scaled := c.scaler.Spec
	n := *c.deployment.Spec.Replicas
	if n != 3 || *scaled.MinReplicas != n || scaled.MaxReplicas <= n {
		t.Errorf("of %d replicas there are %d to %d", n, *scaled.MinReplicas, scaled.MaxReplicas)
	}
	if *c.deployment.Spec.Strategy.RollingUpdate.MaxUnavailable != intstr.FromInt32(0) ||
		*c.budget.Spec.MaxUnavailable != intstr.FromInt32(1) {
		t.Error("a roll-out or a drained node may take several replicas at once")
	}
	if c.scaler.Spec.ScaleTargetRef.Name != c.deployment.Name {
		t.Errorf("what is scaled is %s", c.scaler.Spec.ScaleTargetRef.Name)
	}
	name, _, _ := strings.Cut(line.Image, ":")
	if !strings.HasSuffix(name, "/"+dockerfile(t).name) || name == line.Image {
		t.Errorf("the image is %s", line.Image)
	}
}

// TestKubernetesConfinement: the program may do nothing that it does not need.
func TestKubernetesConfinement(t *testing.T) {
	c := built(t)
	pod := c.deployment.Spec.Template.Spec
	line, seccomp := pod.Containers[0].SecurityContext, pod.SecurityContext.SeccompProfile.Type
	for what, holds := range map[string]bool{
		"its user is the image's": fmt.Sprint(*pod.SecurityContext.RunAsUser) == dockerfile(t).user,
		"it is never root":        *pod.SecurityContext.RunAsNonRoot,
		"seccomp":                 seccomp == core.SeccompProfileTypeRuntimeDefault,
		"its files are read-only": *line.ReadOnlyRootFilesystem,
		"no more privileges":      !*line.AllowPrivilegeEscalation,
		"no capabilities":         slices.Equal(line.Capabilities.Drop, []core.Capability{"ALL"}),
		"no token in the pod":     !*pod.AutomountServiceAccountToken,
		"nor of the account":      !*c.account.AutomountServiceAccountToken,
		"its own account":         pod.ServiceAccountName == c.account.Name,
		"both ways are closed":    len(c.network.Spec.PolicyTypes) == 2,
	} {
		if !holds {
			t.Errorf("this does not hold: %s", what)
		}
	}
}

// TestKubernetesSelectors: everything that picks pods picks the line's.
func TestKubernetesSelectors(t *testing.T) {
	c := built(t)
	labels := c.deployment.Spec.Template.Labels
	pod := c.deployment.Spec.Template.Spec
	selectors := map[string]map[string]string{
		"deployment": c.deployment.Spec.Selector.MatchLabels,
		"network":    c.network.Spec.PodSelector.MatchLabels,
		"budget":     c.budget.Spec.Selector.MatchLabels,
		"spread":     pod.TopologySpreadConstraints[0].LabelSelector.MatchLabels,
		"affinity": pod.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution[0].
			PodAffinityTerm.LabelSelector.MatchLabels,
	}
	for _, s := range c.services {
		selectors[s.Name] = s.Spec.Selector
		checkTargets(t, s, pod.Containers[0].Ports)
	}
	for what, selector := range selectors {
		if len(selector) == 0 || meta.FormatLabelSelector(&meta.LabelSelector{MatchLabels: selector}) !=
			meta.FormatLabelSelector(&meta.LabelSelector{MatchLabels: labels}) {
			t.Errorf("%s picks %v, the pods are %v", what, selector, labels)
		}
	}
	back, service := c.ingress.Spec.Rules[0].HTTP.Paths[0].Backend.Service, c.services[0]
	if back.Name != service.Name || back.Port.Name != service.Spec.Ports[0].Name {
		t.Errorf("the ingress leads to %+v", back)
	}
}

// checkTargets holds a service's ports against the container's.
func checkTargets(t *testing.T, s core.Service, ports []core.ContainerPort) {
	t.Helper()
	for _, p := range s.Spec.Ports {
		named := func(c core.ContainerPort) bool { return c.Name == p.TargetPort.StrVal }
		if !slices.ContainsFunc(ports, named) {
			t.Errorf("%s leads to the port %s, which no container has", s.Name, p.TargetPort.StrVal)
		}
	}
}
