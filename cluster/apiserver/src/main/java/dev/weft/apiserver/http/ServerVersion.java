package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;

/** The Kubernetes version whose behaviour this server follows. */
final class ServerVersion {
  static final String GIT = "v1.32.4+weft";

  private ServerVersion() {}

  static ObjectNode document() {
    return Json.object()
        .put("major", "1")
        .put("minor", "32")
        .put("gitVersion", GIT)
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2025-04-22T00:00:00Z")
        .put("goVersion", "")
        .put("compiler", "javac")
        .put("platform", "linux/" + System.getProperty("os.arch", "amd64"));
  }
}
