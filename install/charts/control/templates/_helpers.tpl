{{/* What a revision adds to names. */}}
{{- define "weft.suffix" -}}
{{- if and .Values.revision (ne .Values.revision "default") }}-{{ .Values.revision }}{{ end -}}
{{- end }}

{{- define "weft.revision" -}}
{{ .Values.revision | default "default" }}
{{- end }}

{{- define "weft.name" -}}
istiod{{ include "weft.suffix" . }}
{{- end }}

{{/* Who owns an object, and as part of what: `weft install` and `weft uninstall` go by these labels. */}}
{{- define "weft.labels" -}}
istio.io/rev: {{ include "weft.revision" . | quote }}
install.weft.dev/owner: {{ .Release.Namespace }}
install.weft.dev/component: control
{{- end }}

{{/* An image of ours: whole where it names a path, else in the hub. Takes the image, the hub and the tag. */}}
{{- define "weft.image" -}}
{{- if contains "/" .image }}{{ .image }}{{ else }}{{ .hub }}/{{ .image }}:{{ .tag }}{{ end -}}
{{- end }}

{{- define "weft.tag" -}}
{{ .Values.global.tag | default .Chart.AppVersion }}
{{- end }}

{{/* Whether another cluster's control plane serves this one; then this chart only leads there. */}}
{{- define "weft.remote" -}}
{{- if or .Values.istiodRemote.enabled (eq .Values.profile "remote") }}true{{ end -}}
{{- end }}

{{/* How an API server asks for a pod's proxy: what the control plane is told of the pod's cluster is in the path. */}}
{{- define "weft.injectionPath" -}}
{{- if not (include "weft.remote" .) }}/inject
{{- else if .Values.istiodRemote.injectionPath }}{{ .Values.istiodRemote.injectionPath }}
{{- else if eq .Values.global.multiCluster.clusterName "Kubernetes" }}
{{- fail "istiodRemote.injectionPath is missing: /inject/cluster/<name of this cluster>/net/<its network>" }}
{{- else }}/inject/cluster/{{ .Values.global.multiCluster.clusterName }}
{{- with .Values.global.network }}/net/{{ . }}{{ end }}
{{- end -}}
{{- end }}

{{/* API servers go to the cluster address of a Service, which a host name does not give it: they go by the name itself. */}}
{{- define "weft.injectionURL" -}}
{{- $address := .Values.global.remotePilotAddress }}
{{- if not (include "weft.remote" .) }}
{{- else if .Values.istiodRemote.injectionURL }}{{ .Values.istiodRemote.injectionURL }}
{{- else if not (include "weft.isAddress" $address) }}https://{{ $address }}:15017{{ include "weft.injectionPath" . }}
{{- end -}}
{{- end }}

{{- define "weft.isAddress" -}}
{{- if or (contains ":" .) (regexMatch "^[0-9]{1,3}([.][0-9]{1,3}){3}$" .) }}true{{ end -}}
{{- end }}
