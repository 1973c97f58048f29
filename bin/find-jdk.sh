# Sourced. Sets JAVA_HOME to a JDK 25 or later, or says in one line what is missing and leaves.
weft_is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] &&
    [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")" -ge 25 ] 2>/dev/null
}
weft_find_jdk() {
  local candidate on_path
  on_path=$(command -v javac 2>/dev/null) && on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -n "$candidate" ] && weft_is_jdk25 "$candidate"; then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  echo "weft: no JDK 25 found (JAVA_HOME, PATH, /usr/lib/jvm). Install one, for example Temurin 25 or Debian's openjdk-25-jdk, or set JAVA_HOME." >&2
  return 1
}
weft_find_jdk || exit 2
