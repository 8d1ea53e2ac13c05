{{- define "scheduled-export.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 53 | trimSuffix "-" -}}
{{- end -}}

{{/* The release's name where it says what it is, else with the chart's behind it. */}}
{{- define "scheduled-export.fullname" -}}
{{- $name := include "scheduled-export.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 53 | trimSuffix "-" -}}
{{- end -}}

{{- define "scheduled-export.selectorLabels" -}}
app.kubernetes.io/name: {{ include "scheduled-export.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "scheduled-export.labels" -}}
{{ include "scheduled-export.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* An image by digest where there is one, else by tag (one of digits alone is a number to --set); call with (dict "image" … "root" $). */}}
{{- define "scheduled-export.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{- $tag := default .root.Chart.AppVersion .image.tag -}}
{{ .image.repository }}:{{ ternary $tag (int64 $tag) (kindIs "string" $tag) }}
{{- end -}}
{{- end -}}

{{/*
What the operator may do in a namespace that it watches. It holds every verb of the runner's role, which is why it may bind it.
ServiceAccounts and RoleBindings that are there already it may touch only under the runner's name (RBAC cannot name what is created
or listed).
*/}}
{{- define "scheduled-export.operatorRules" -}}
- apiGroups: [scheduledexport.dev]
  resources: [scheduledexports]
  verbs: [get, list, watch]
- apiGroups: [scheduledexport.dev]
  resources: [scheduledexports/status]
  verbs: [patch]
- apiGroups: [batch]
  resources: [cronjobs]
  verbs: [get, list, watch, create, patch]
- apiGroups: [batch]
  resources: [cronjobs/status]
  verbs: [patch]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [serviceaccounts]
  verbs: [list, watch, create]
- apiGroups: [""]
  resources: [serviceaccounts]
  resourceNames: [scheduled-export-runner]
  verbs: [get, patch, delete]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [rolebindings]
  verbs: [list, watch, create]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [rolebindings]
  resourceNames: [scheduled-export-runner]
  verbs: [get, patch, delete]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end -}}
