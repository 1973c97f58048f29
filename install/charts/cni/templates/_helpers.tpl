{{/* Who owns an object, and as part of what: `weft install` and `weft uninstall` go by these labels. */}}
{{- define "weft.labels" -}}
app: istio-cni
install.weft.dev/owner: {{ .Values.global.istioNamespace }}
install.weft.dev/component: cni
{{- end }}

{{/* Of objects of the whole cluster: each mesh has its own. */}}
{{- define "cni.clusterName" -}}
istio-cni-{{ .Values.global.istioNamespace }}
{{- end }}

{{- define "cni.image" -}}
{{- $hub := .Values.cni.hub | default .Values.global.hub }}
{{- $tag := .Values.cni.tag | default .Values.global.tag | default .Chart.AppVersion }}
{{- if contains "/" .Values.cni.image }}{{ .Values.cni.image }}{{ else }}{{ $hub }}/{{ .Values.cni.image }}:{{ $tag }}{{ end -}}
{{- end }}
