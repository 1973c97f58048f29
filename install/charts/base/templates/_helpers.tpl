{{/* Who owns an object, and as part of what: `weft install` and `weft uninstall` go by these labels. */}}
{{- define "weft.labels" -}}
install.weft.dev/owner: {{ .Values.global.istioNamespace }}
install.weft.dev/component: base
{{- end }}
