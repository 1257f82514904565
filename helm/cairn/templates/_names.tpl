{{/* The release's name, with the chart's in it once. */}}
{{- define "cairn.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Roles and bindings of the cluster are shared by all releases: the namespace tells them apart. */}}
{{- define "cairn.clusterName" -}}
{{ printf "%s-%s" .Release.Namespace (include "cairn.fullname" .) | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "cairn.selector" -}}
app.kubernetes.io/name: cairn-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "cairn.labels" -}}
{{ include "cairn.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Whether pods name a user id: true, or nothing. */}}
{{- define "cairn.fixedUser" -}}
{{- if eq (toString .Values.fixedUser) "auto" }}{{ if not (.Capabilities.APIVersions.Has "security.openshift.io/v1") }}true{{ end }}
{{- else if eq (toString .Values.fixedUser) "true" }}true{{ end }}
{{- end }}

{{/* An image's full name: list of its values and the chart's. */}}
{{- define "cairn.image" -}}
{{- $image := index . 0 }}{{ $image.repository }}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default (index . 1).AppVersion }}{{ end }}
{{- end }}
