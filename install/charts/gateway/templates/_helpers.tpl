{{- define "gateway.name" -}}
{{ .Values.name | default .Release.Name }}
{{- end }}

{{- define "gateway.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "gateway.name" .) }}{{ else }}{{ .Values.serviceAccount.name | default "default" }}{{ end -}}
{{- end }}

{{/* By which labels Services and Gateway objects find the pods: as in Istio, the name without a leading "istio-". */}}
{{- define "gateway.selector" -}}
app: {{ (.Values.labels.app | default (include "gateway.name" .)) | quote }}
istio: {{ (.Values.labels.istio | default (include "gateway.name" . | trimPrefix "istio-")) | quote }}
{{- end }}

{{- define "gateway.further" -}}
{{- with omit .Values.labels "app" "istio" }}
{{- toYaml . }}
{{ end }}
{{- with .Values.networkGateway -}}
topology.istio.io/network: {{ . | quote }}
{{- end }}
{{- end }}

{{/* Who owns an object, and as part of what: `weft install` and `weft uninstall` go by these labels. */}}
{{- define "gateway.labels" -}}
{{ include "gateway.selector" . }}
{{- with (include "gateway.further" . | trim) }}
{{ . }}
{{- end }}
istio.io/rev: {{ .Values.revision | default "default" | quote }}
install.weft.dev/owner: {{ .Values.global.istioNamespace }}
install.weft.dev/component: {{ include "gateway.name" . }}
{{- end }}
