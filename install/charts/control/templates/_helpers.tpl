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
