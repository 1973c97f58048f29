package dev.weft.proxy.xds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a call says about its caller: the member cluster, and the service account's token, which is
 * read anew for each call because the kubelet renews it.
 */
public final class Credentials {
  private final Path tokenFile;
  private final String clusterId;

  /** Of a token file and a cluster. */
  public Credentials(Path tokenFile, String clusterId) {
    this.tokenFile = tokenFile;
    this.clusterId = clusterId;
  }

  /** gRPC metadata; without a token where the file cannot be read. */
  public Map<String, String> metadata(boolean withToken) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("clusterid", clusterId);
    if (withToken) {
      String token = token();
      if (!token.isEmpty()) {
        out.put("authorization", "Bearer " + token);
      }
    }
    return out;
  }

  private String token() {
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public String toString() {
    return "Credentials[" + clusterId + ", token [redacted]]";
  }
}
